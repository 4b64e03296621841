# Five verbs. All of them begin with nothing but a Python: see alliance/runtime.
PYTHON ?= python3

.PHONY: run test check bench lock
run test check bench lock:
	@$(PYTHON) -m alliance.runtime $@ $(ARGS)
