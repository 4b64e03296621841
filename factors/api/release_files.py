"""Long files of releases over REST: ask for one, ask how far it is, take it home."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.exports import stored_answer
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.rest.serializing import ModelSerializer
from factors import queries, released
from factors.actions.release_file import ask_for_file, place_of
from factors.models import ReleaseFile

LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[202], description="The file.")


class ReleaseFileSerializer(ModelSerializer[ReleaseFile]):
    """A file of a release, written by a worker: ``done`` when it can be fetched, ``removed`` a day later."""

    versions = serializers.IntegerField(source="release.versions", help_text="So many it will hold.")

    class Meta:
        model = ReleaseFile
        fields = (
            *("uuid", "kind", "language", "state", "versions_done", "versions"),
            *("size", "sha256", "created_at", "finished_at"),
        )


class ReleaseFileWriting(Writing):
    """What it is wanted for."""

    kind = serializers.ChoiceField(ReleaseFile.Kind.choices)


class ReleaseFilesView(APIView):
    """The files of a release, of any length."""

    schema = ResourceSchema()
    writing_class = ReleaseFileWriting

    @extend_schema(
        responses={202: ReleaseFileSerializer},
        parameters=[LOCATION],
        operation_id="factor_releases_files_create",
    )
    def post(self, request: Request, name: str) -> Response:
        """Let a worker write one, names in the language asked for; one that is there already is that file."""
        release = queries.releases(actor_in(request)).filter(name=name).first()
        if release is None:
            raise Http404
        body = ReleaseFileWriting(data=request.data)
        body.is_valid(raise_exception=True)
        language = get_language() or "zh-hans"
        made = ask_for_file(release, kind=body.validated_data["kind"], language=language)
        response = Response(ReleaseFileSerializer(made).data, status=status.HTTP_202_ACCEPTED)
        response["Location"] = reverse("factor_release_file", args=[name, made.uuid], request=request)
        return response


class ReleaseFileView(APIView):
    """A file of a release."""

    schema = ResourceSchema()

    @extend_schema(responses=ReleaseFileSerializer, operation_id="factor_releases_files_retrieve")
    def get(self, request: Request, name: str, uuid: UUID) -> Response:
        """How far it is."""
        refuse_unknown_parameters(request, ())
        return Response(ReleaseFileSerializer(_found(request, name, uuid)).data)


class ReleaseFileContentView(APIView):
    """The content of a file of a release."""

    schema = ResourceSchema()

    @extend_schema(
        responses={(200, kind): OpenApiTypes.BINARY for kind in released.TYPES.values()},
        operation_id="factor_releases_files_content",
    )
    def get(self, request: Request, name: str, uuid: UUID) -> HttpResponseBase:
        """Once its state is `done`; 404 before, and when its time is over."""
        refuse_unknown_parameters(request, ())
        file = _found(request, name, uuid)
        if file.state != ReleaseFile.State.DONE:
            raise Http404
        return stored_answer(
            place_of(file), released.filename(file.release, file.kind), released.TYPES[file.kind]
        )


def _found(request: Request, name: str, uuid: UUID) -> ReleaseFile:
    found = queries.release_files(actor_in(request)).filter(uuid=uuid, release__name=name).first()
    if found is None:
        raise Http404
    return found
