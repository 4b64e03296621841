"""From an empty checkout to a served page: environment, embedded servers, supervisor."""
