# Confer. `make demo` installs what is missing, builds and tells the story;
# `make test` does the same and runs every test. See README.md.
CC  ?= cc
ifeq ($(origin CC),default)
CC  := gcc
endif
V   ?= release
B   := build/$(notdir $(CC))-$(V)
SHELL := /bin/bash

CFLAGS.release := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
CFLAGS.debug   := -O0 -g3
SANITIZE       := -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-fsanitize=address,undefined
CFLAGS.asan    := -O1 -g3 $(SANITIZE)
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
	-ftrivial-auto-var-init=zero -fcf-protection=full \
	-mbranch-protection=standard,$(call try,$(f)))

PKGS := libgit2 libssh2 libsodium jansson libpcre2-8 sqlite3
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
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
UNITS   := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
SCHEMAS := $(wildcard schemas/*.json schemas/examples/*.json keys/*.json)
obj = $(patsubst %.c,$(B)/%.o,$(1))

.PHONY: all clean
all: $(B)/confer
	@ln -sfn $(notdir $(B))/confer build/confer

$(B)/confer: $(call obj,$(CLI_SRC)) $(B)/libconfer.a
	@echo "LD $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(B)/libconfer.a: $(call obj,$(LIB_SRC))
	@rm -f $@
	@$(AR) rcs $@ $^
$(B)/%.o: %.c Makefile
	@mkdir -p $(@D) && echo "CC $<"
	@$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<
# Schemas are part of the program (.incbin), so that what the gate decides
# cannot be changed by a file on the machine.
$(B)/src/record/embed.o: $(SCHEMAS)

$(B)/test_%: $(B)/tests/unit/test_%.o $(B)/libconfer.a
	@echo "LD $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

# One unit test: make unit T=test_json
unit: $(B)/$(T)
	$(B)/$(T)

clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
