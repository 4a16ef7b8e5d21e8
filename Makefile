# Confer. `make demo` installs what is missing, builds and tells the story;
# `make test` does the same and runs every test. See README.md.
ifeq ($(origin CC),default)
CC  := gcc
endif
V   ?= release
B   := build/$(notdir $(CC))-$(V)
SHELL := /bin/bash

CFLAGS.release := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
CFLAGS.debug   := -O0 -g3
CFLAGS.cov     := -O0 -g3 --coverage
SANITIZE       := -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-fsanitize=address,undefined
CFLAGS.asan    := -O1 -g1 $(SANITIZE)
CFLAGS.fuzz    := -O1 -g3 $(SANITIZE) -fsanitize=fuzzer-no-link

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wconversion \
	-Wno-sign-conversion -Wimplicit-fallthrough -Wmissing-prototypes \
	-Wstrict-prototypes -Wold-style-definition -Wpointer-arith \
	-Wwrite-strings -Wcast-qual -Wundef -Wvla -Wswitch-enum \
	-Wno-missing-field-initializers -Werror=unused-result
ifdef CI
WARN += -Werror
endif
# Flags that only some compilers know.
try  = $(shell echo 'int main(void){return 0;}' | $(CC) -Werror $(1) -x c \
	-o /dev/null - 2>/dev/null && echo '$(1)')
HARD := -fstack-protector-strong -fPIE -fno-common -fno-strict-aliasing \
	$(foreach f,-fstack-clash-protection -fstrict-flex-arrays=3 \
	-fcf-protection=full -mbranch-protection=standard,$(call try,$(f)))
# Not in the other variants: valgrind looks for what was never set.
CFLAGS.release += $(call try,-ftrivial-auto-var-init=zero)

PKGS := libgit2 libssh2 libsodium jansson libpcre2-8 sqlite3
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
# Only its header: the library is opened when somebody exports to a server.
PKG_CFLAGS += $(shell pkg-config --cflags libpq 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
ALL_CFLAGS := -std=c17 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L $(WARN) \
	$(HARD) $(CFLAGS.$(V)) -Iinclude -Isrc $(PKG_CFLAGS) $(CFLAGS)
ALL_LDFLAGS := -pie -Wl,-z,relro,-z,now,-z,noexecstack $(CFLAGS.$(V)) \
	$(LDFLAGS)
LIBS := $(PKG_LIBS) -lm

# The one direction of knowledge: a folder knows itself and those before it.
LAYERS  := base json sign store record check gate merge index pool export app
LIB_SRC := $(sort $(wildcard $(LAYERS:%=src/%/*.c)))
CLI_SRC := $(sort $(wildcard src/cli/*.c))
SCHEMAS := $(wildcard schemas/*.json schemas/examples/*.json keys/*.json)
obj = $(patsubst %.c,$(B)/%.o,$(1))

# Tests by folder; each program is one file with a main of its own.
names   = $(patsubst tests/$(1)/%.c,%,$(sort $(wildcard tests/$(1)/$(2).c)))
UNITS   := $(call names,unit,test_*)
FUZZERS := $(call names,fuzz,fuzz_*)
SUITE   := $(call names,conformance,*)
# Suites of which we hold a part, in tests/vectors.
OWN_SUITES := meta meta_effects
TOOLS   := $(call names,e2e,*)
STORIES := $(filter-out tests/lint/%,$(sort $(wildcard tests/*/*.bats)))
# What looks at texts, at installing or at these tests is the same for every
# variant, and the demo goes where other stories have been.
ifeq ($(V),asan)
STORIES := $(filter-out tests/house/% tests/e2e/pages.bats \
	tests/e2e/demo.bats,$(STORIES))
# A random history takes a third of a second there, a stopped command two.
export TALES ?= 40
export SAMPLES ?= 4
endif

.PHONY: all setup test run-test unit e2e fuzz run-fuzz conformance \
	run-conformance bench run-bench lint run-lint tidy flags valgrind \
	run-valgrind cov demo run-demo install uninstall clean no-libraries
.SECONDARY:
.DELETE_ON_ERROR:

all: $(B)/confer
	@ln -sfn $(notdir $(B))/confer build/confer

link = echo "LD $@" && $(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS)
$(B)/confer: $(B)/src/cli/main.o $(B)/libcli.a $(B)/libconfer.a
	@$(link)
$(B)/libcli.a: $(call obj,$(filter-out src/cli/main.c,$(CLI_SRC)))
$(B)/libconfer.a: $(call obj,$(LIB_SRC))
$(B)/lib%.a:
	@rm -f $@
	@$(AR) rcs $@ $^
$(B)/%.o: %.c Makefile | $(if $(PKG_LIBS),,no-libraries)
	@mkdir -p $(@D) && echo "CC $<"
	@$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<
no-libraries:
	@echo "Confer's libraries are not on this machine yet: make setup" >&2
	@exit 1
# Schemas are part of the program (.incbin), so that what the gate decides
# cannot be changed by a file on the machine.
$(B)/src/record/embed.o: $(SCHEMAS)

$(B)/test_%: $(B)/tests/unit/test_%.o $(B)/libcli.a $(B)/libconfer.a
	@$(link) -lcmocka
$(B)/replay_%: $(call obj,tests/fuzz/replay.c tests/fuzz/fuzz_%.c) \
	$(B)/libconfer.a
	@$(link)
$(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/libconfer.a
	@$(link) -fsanitize=fuzzer
$(B)/conformance_%: $(B)/tests/conformance/%.o $(B)/libconfer.a
	@$(link)
$(B)/bench_%: $(B)/tests/bench/%.o $(B)/libconfer.a
	@$(link) -lcmocka
$(TOOLS:%=$(B)/%): $(B)/%: $(B)/tests/e2e/%.o $(B)/libconfer.a
	@$(link)

# A fresh machine has neither compiler nor libraries, and this file asks for
# both when it is read. So: install what is missing, then read it again.
again = +@$(MAKE) --no-print-directory \
	$(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
with_program = PATH="$(abspath $(B)):$$PATH"

setup:
	@tests/setup.sh build

# All tests: make test, make test V=asan, make test CC=clang.
test:
	@tests/setup.sh build test $(filter clang,$(notdir $(CC)))
	$(again) run-test
run-test: all $(UNITS:%=$(B)/%) $(FUZZERS:fuzz_%=$(B)/replay_%) \
	$(TOOLS:%=$(B)/%) $(OWN_SUITES:%=$(B)/conformance_%)
	@$(with_program) tests/run.sh $(B)/log $(STORIES:%='bats --tap %') \
		$(UNITS:%=$(B)/%) $(foreach f,$(FUZZERS:fuzz_%=%), \
		'$(B)/replay_$(f) tests/fuzz/corpus/$(f)') \
		$(OWN_SUITES:%='$(B)/conformance_% tests/vectors')

# Some of them: make unit T=test_json, make e2e T=sync.
unit: $(addprefix $(B)/,$(or $(T),$(UNITS)))
	@for t in $^; do $$t || exit; done
e2e: all $(TOOLS:%=$(B)/%)
	@$(with_program) bats $(or $(T:%=tests/e2e/%.bats),$(STORIES))

# make fuzz T=fuzz_json SECS=60. What it finds stays in build/.
SECS ?= 60
fuzz:
	@tests/setup.sh build clang
	$(again) CC=clang V=fuzz run-fuzz
run-fuzz: $(patsubst %,run-%,$(or $(T),$(FUZZERS)))
run-fuzz_%: $(B)/fuzz_%
	@mkdir -p $(B)/corpus/$*
	$< -max_total_time=$(SECS) -timeout=10 -artifact_prefix=$(B)/$*- \
		$(patsubst %,-dict=%,$(wildcard tests/fuzz/$*.dict)) \
		$(B)/corpus/$* tests/fuzz/corpus/$*

# Suites that other people wrote: make conformance SUITES=folder.
conformance:
	@if [ ! -d "$(SUITES)" ]; then echo "Where are the suites?" \
		"make conformance SUITES=folder" >&2; exit 2; fi
	@tests/setup.sh build
	$(again) run-conformance
run-conformance: $(SUITE:%=$(B)/conformance_%)
	@SHOW='%$$|^rule .*recall' tests/run.sh $(B)/log/conformance \
		$(SUITE:%='$(B)/conformance_% $(SUITES)') \
		'$(B)/conformance_pii $(SUITES) tests/vectors/check/text.jsonl'

bench:
	@tests/setup.sh build test
	$(again) run-bench
run-bench: all $(patsubst %,$(B)/bench_%,$(call names,bench,*))
	@for b in $(filter $(B)/bench_%,$^) $(sort $(wildcard \
		tests/bench/*.sh)); do $(with_program) $$b || exit; done

# What reads the source: one script for each question, silent when all is well.
lint:
	@tests/setup.sh build lint
	@tests/run.sh build/lint 'bats --tap tests/lint/lint.bats' \
		$(sort $(wildcard tests/lint/*.sh))
tidy: $(patsubst %.c,$(B)/%.tidy,$(LIB_SRC) $(CLI_SRC))
$(B)/%.tidy: %.c $(B)/%.o .clang-tidy
	@clang-tidy --quiet $< -- $(ALL_CFLAGS) \
		$(if $(filter src/base/err.c,$<),,-DCF_LINT) 2>/dev/null && touch $@
flags:
	@echo '$(ALL_CFLAGS)'
compile_commands.json: Makefile
	bear -- $(MAKE) -B CC=clang V=debug all $(UNITS:%=build/clang-debug/%)

valgrind:
	@tests/setup.sh build test valgrind
	$(again) V=debug run-valgrind
run-valgrind: $(UNITS:%=$(B)/%)
	@tests/run.sh $(B)/log/valgrind $(UNITS:%='valgrind -q \
		--error-exitcode=99 --leak-check=full \
		--suppressions=tests/valgrind.supp $(B)/%')
# Which lines no test reaches, those that report an error above all.
cov:
	@tests/setup.sh build test
	$(again) V=cov run-test
	@tests/cov.sh build/$(notdir $(CC))-cov

demo:
	@tests/setup.sh build demo
	$(again) run-demo
run-demo: all
	@$(with_program) tests/demo.sh

PREFIX  ?= /usr/local
D        = $(DESTDIR)$(PREFIX)
VERSION := $(shell sed -n 's/.* CONFER_VERSION "\(.*\)"/\1/p' \
	include/confer.h)
MAN     := $(sort $(wildcard man/*.[157]))
page     = $(D)/share/man/man$(subst .,,$(suffix $(1)))/$(notdir $(1))
SHELLS   = $(D)/share/bash-completion/completions/confer
define PC
prefix=$(PREFIX)
Name: confer
Description: signed records that trusts share through git repositories
Version: $(VERSION)
Requires: $(PKGS)
Cflags: -I$${prefix}/include
Libs: -L$${prefix}/lib -lconfer -lm
endef
export PC
install: all
	install -Dm755 $(B)/confer $(D)/bin/confer
	install -Dm644 include/confer.h $(D)/include/confer.h
	install -Dm644 $(B)/libconfer.a $(D)/lib/libconfer.a
	install -d $(D)/lib/pkgconfig
	echo "$$PC" > $(D)/lib/pkgconfig/confer.pc
	$(foreach m,$(MAN),install -Dm644 $(m) $(call page,$(m)) &&) :
	$(patsubst %,install -Dm644 % $(SHELLS),$(wildcard src/cli/completion.bash))
uninstall:
	rm -f $(D)/bin/confer $(D)/include/confer.h $(D)/lib/libconfer.a \
		$(D)/lib/pkgconfig/confer.pc $(SHELLS) \
		$(foreach m,$(MAN),$(call page,$(m)))

clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
