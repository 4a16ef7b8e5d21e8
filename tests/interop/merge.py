#!/usr/bin/env python3
"""The merge of bodies once more, from the rule alone and as plainly as can be:
every state is worked out anew from all writes. Tells random histories, gives
them to `confer debug merge`, and compares body and conflicts.

    merge.py CONFER [HISTORIES [SEED]]

Stewards come and go, versions do not arrive, some arrive twice. The order of
lists whose order the author chose is not in it."""
import json
import random
import subprocess
import sys

ABSENT = None  # JSON null is NULL
NULL = ("null",)


def jcs(value):
    """Canonical form; enough for what the histories hold."""
    if value is NULL:
        return "null"
    if isinstance(value, dict):
        return "{%s}" % ",".join(
            json.dumps(k, ensure_ascii=False) + ":" + jcs(value[k])
            for k in sorted(value))
    if isinstance(value, list):
        return "[%s]" % ",".join(map(jcs, value))
    return json.dumps(value, ensure_ascii=False)


def plain(value):
    if value is NULL:
        return None
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


class Rule:
    """What the schema says of a place."""

    def __init__(self, schema):
        schema = schema if isinstance(schema, dict) else {}
        self.schema = schema
        mark = schema.get("x-merge")
        self.kind = mark if isinstance(mark, str) else "object"
        self.by = self.rank = self.own_key = None
        if isinstance(mark, dict) and "by" in mark:
            self.kind, self.by = "keyed", mark["by"]
        elif isinstance(mark, dict):
            self.kind, self.rank = "rank", mark["rank"]

    def member(self, token):
        if self.kind == "keyed":
            rule = Rule(self.schema.get("items"))
            rule.own_key = self.by
            return rule
        return Rule(self.schema.get("properties", {}).get(token))

    def form(self, value):
        """None, "leaf" or "structure"."""
        if value is ABSENT:
            return None
        if self.kind == "object" and isinstance(value, dict):
            return "structure"
        if self.kind in ("set", "keyed") and isinstance(value, list):
            return "structure"
        return "leaf"

    def parts(self, value):
        """Of an object or a keyed list. A key is what an element is, and no
        part of it."""
        if self.kind == "keyed":
            return {"[%s]" % e[self.by]: e for e in value}
        return {k: v for k, v in value.items() if k != self.own_key}


def value_at(rule, value, path):
    for token in path:
        if rule.form(value) != "structure" or rule.kind == "set":
            return ABSENT
        value = rule.parts(value).get(token, ABSENT)
        rule = rule.member(token)
    return value


class History:
    def __init__(self, schema):
        self.schema = schema
        self.versions = []  # {id, parents, trust, body, settled}
        self.past = []
        self.writes = []    # (version, op, path, value)
        self.memo = {}

    def rule(self, path):
        rule = Rule(self.schema)
        for token in path:
            rule = rule.member(token)
        return rule

    def add(self, parents, trust, body, settled, counts=True):
        v = len(self.versions)
        past = 0
        for p in parents:
            past |= self.past[p]
            if self.versions[p]["counts"]:
                past |= 1 << p
        self.past.append(past)
        self.versions.append(dict(parents=parents, trust=trust, body=body,
                                  settled=settled, counts=counts))
        if not counts:
            return v
        shown, conflicts = self.state(past)
        contested = {c["path"] for c in conflicts}
        self.note(v, (), shown, body, contested, set(settled))
        return v

    # --- writes ---

    def put(self, v, op, path, value=None):
        self.writes.append((v, op, path, value))

    def create(self, v, path, value):
        rule = self.rule(path)
        if rule.form(value) != "structure":
            self.put(v, "put", path, value)
            return
        self.put(v, "ins", path)
        if rule.kind == "set":
            for e in value:
                self.put(v, "add", path, e)
            return
        for token, part in rule.parts(value).items():
            self.create(v, path + (token,), part)

    def reset(self, v, path, value):
        rule = self.rule(path)
        structured = rule.kind in ("object", "set", "keyed")
        if structured:
            self.put(v, "del", path)
        if value is not ABSENT:
            if structured and rule.form(value) == "structure":
                self.put(v, "put", path, ABSENT)
            self.create(v, path, value)
        else:
            self.put(v, "put", path, ABSENT)

    def note(self, v, path, a, b, contested, settled):
        rule = self.rule(path)
        same = (a is ABSENT) == (b is ABSENT) and (
            a is ABSENT or jcs(a) == jcs(b))
        if path in settled and path not in contested:
            # What it changed there is a change, and it affirms the rest.
            self.note(v, path, a, b, contested, settled - {path})
            self.reset(v, path, b)
            return
        if path in settled or (path in contested and not same):
            self.reset(v, path, b)
            return
        deeper = any(s[:len(path)] == path for s in settled)
        if same and not deeper:
            return
        fa, fb = rule.form(a), rule.form(b)
        if fa == fb == "structure":
            if rule.kind == "set":
                old, new = set(map(jcs, a)), set(map(jcs, b))
                for e in b:
                    if jcs(e) not in old:
                        self.put(v, "add", path, e)
                for e in a:
                    if jcs(e) not in new:
                        self.put(v, "rem", path, e)
                return
            x, y = rule.parts(a), rule.parts(b)
            names = set(x) | set(y) | {
                s[len(path)] for s in settled
                if len(s) > len(path) and s[:len(path)] == path}
            for token in sorted(names):
                self.note(v, path + (token,), x.get(token, ABSENT),
                          y.get(token, ABSENT), contested, settled)
            return
        if fa == "structure":
            self.put(v, "del", path)
        if fa == "leaf" and fb != "leaf":
            self.put(v, "put", path, ABSENT)
        if b is not ABSENT and not same:
            self.create(v, path, b)
        for s in settled:
            if s[:len(path)] == path:
                self.reset(v, s, value_at(rule, b, s[len(path):]))

    # --- state ---

    def state(self, among):
        """(tree, conflicts) of a set of versions."""
        if among not in self.memo:
            conflicts = []
            tree = State(self, among, conflicts).at((), ())
            self.memo[among] = (tree, conflicts)
        return self.memo[among]

    def base(self, contestants, path):
        """(value, contested) in the common past."""
        common = -1
        for v in contestants:
            common &= self.past[v]
        common &= (1 << len(self.versions)) - 1
        tree, conflicts = self.state(common)
        return value_at(Rule(self.schema), tree, path), any(
            c["path"] == path[:len(c["path"])] for c in conflicts)


class State:
    def __init__(self, history, among, conflicts):
        self.h, self.among, self.conflicts = history, among, conflicts
        self.w = [w for w in history.writes if among >> w[0] & 1]

    def before(self, a, b):
        return self.h.past[b] >> a & 1

    def live(self, w, ignored):
        return not any(
            d[1] == "del" and w[2][:len(d[2])] == d[2] and
            (d[0], d[2]) not in ignored and self.before(w[0], d[0])
            for d in self.w)

    def tops(self, path, ignored):
        """[(version, value or ABSENT)] that contest a leaf."""
        puts = [w for w in self.w if w[1] == "put" and w[2] == path]
        out = [(w[0], w[3]) for w in puts if self.live(w, ignored) and
               not any(self.before(w[0], o[0]) for o in puts)]
        dels = [d[0] for d in self.w if d[1] == "del" and
                path[:len(d[2])] == d[2] and (d[0], d[2]) not in ignored]
        for d in dels:
            # What a later put or removal has seen contests nothing.
            if any(self.before(w[0], d) for w in puts) and \
                    not any(w[0] == d or self.before(d, w[0])
                            for w in puts) and \
                    not any(self.before(d, o) for o in dels):
                out.append((d, ABSENT))
        return out

    def at(self, path, ignored):
        rule = self.h.rule(path)
        tops = self.tops(path, ignored)
        if rule.kind not in ("object", "set", "keyed"):
            return self.leaf(path, rule, tops)
        below = [w for w in self.w if w[2][:len(path)] == path and
                 (w[2] != path or w[1] in ("ins", "add", "rem")) and
                 self.live(w, ignored)]
        living = {w[0] for w in below if w[1] in ("ins", "add") or
                  w[1] == "put" and w[3] is not ABSENT}
        values = [t for t in tops if t[1] is not ABSENT]
        writing = {w[0] for w in below} | {t[0] for t in values}

        def stands(v):
            own = any(w[0] == v and w[2] == path and (
                w[1] == "ins" or w[1] == "put" and w[3] is not ABSENT)
                for w in self.w)
            return not own and not any(self.before(v, o) for o in writing)

        removals = {d[0] for d in self.w if d[1] == "del" and
                    d[2] == path and (d[0], path) not in ignored}
        standing = {v for v in removals if stands(v)}
        # Of removals in turns the last one is the side; content is what
        # there is without all of them.
        dels = {v for v in standing
                if not any(self.before(v, o) for o in removals)}
        if not living:
            # A removal that stands is a side against what replaced it.
            return self.leaf(path, rule, tops + [
                (v, ABSENT) for v in dels])
        gone = dels | {
            t[0] for t in tops if t[1] is ABSENT and stands(t[0])}
        if values or (gone and rule.kind != "set"):
            ignore = ignored
            if not values:
                ignore = ignored + tuple((v, path) for v in standing)
            quiet = State(self.h, self.among, [])
            content = quiet.build(path, rule, ignore)
            sides = [(t[0], t[1]) for t in values] + [
                (v, ABSENT) for v in gone] + [(v, content) for v in living]
            return self.contest(path, "type" if values else "delete/edit",
                                sides)
        return self.build(path, rule, ignored)

    def build(self, path, rule, ignored):
        if rule.kind == "set":
            out = {}
            for w in self.w:
                if w[1] == "add" and w[2] == path and \
                        self.live(w, ignored) and not any(
                            o[1] == "rem" and o[2] == path and
                            jcs(o[3]) == jcs(w[3]) and
                            self.before(w[0], o[0]) for o in self.w):
                    out[jcs(w[3])] = w[3]
            return [out[k] for k in sorted(out)]
        tokens = {w[2][len(path)] for w in self.w
                  if len(w[2]) > len(path) and w[2][:len(path)] == path}
        parts = {}
        for token in sorted(tokens):
            value = self.at(path + (token,), ignored)
            if value is not ABSENT:
                parts[token] = value
        if rule.kind == "object":
            if rule.own_key:
                parts[rule.own_key] = path[-1][1:-1]
            return parts
        return [parts[k] for k in sorted(parts, key=lambda t: jcs(t[1:-1]))]

    def leaf(self, path, rule, tops):
        groups = {}
        for v, value in tops:
            groups.setdefault("" if value is ABSENT else jcs(value),
                              value)
        values = [x for x in groups.values() if x is not ABSENT]
        if not groups:
            return ABSENT
        if len(groups) == 1:
            return next(iter(groups.values()))
        if rule.kind == "rank":
            for r in rule.rank:
                if jcs(r) in groups:
                    return groups[jcs(r)]
            if len(values) == 1:
                return values[0]
        if rule.kind in ("max", "min"):
            pick = max if rule.kind == "max" else min
            if all(isinstance(x, (int, float)) and not isinstance(x, bool)
                   for x in values):
                return pick(values)
            if all(isinstance(x, str) for x in values):
                return pick(values, key=lambda s: s.encode())
        if rule.kind == "text" and "" not in groups and \
                all(isinstance(x, str) for x in values):
            base, contested = self.h.base({v for v, _ in tops}, path)
            if isinstance(base, str) and not contested:
                text = join(base, values)
                if text is not None:
                    return text
        return self.contest(path, "delete/edit" if "" in groups
                            else "edit/edit", tops)

    def contest(self, path, kind, sides):
        before, _ = self.h.base({v for v, _ in sides}, path)
        by = {}
        for v, value in sides:
            by.setdefault("" if value is ABSENT else jcs(value), value)
        shown = before
        if shown is ABSENT and path and path[-1] in self.h.rule(
                path[:-1]).schema.get("required", []):
            shown = by[min(k for k in by if k)]
        self.conflicts.append(dict(
            path=path, kind=kind, before=before, shown=shown,
            sides=[by[k] for k in sorted(by, key=str.encode)]))
        return shown


def hunks(base, side):
    n, m = len(base), len(side)
    lcs = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            lcs[i][j] = lcs[i + 1][j + 1] + 1 if base[i] == side[j] else \
                max(lcs[i + 1][j], lcs[i][j + 1])
    out, i, j = [], 0, 0
    while i < n or j < m:
        if i < n and j < m and base[i] == side[j]:
            i, j = i + 1, j + 1
            continue
        fi, fj = i, j
        while (i < n or j < m) and not (
                i < n and j < m and base[i] == side[j]):
            if i < n and (j == m or lcs[i + 1][j] >= lcs[i][j + 1]):
                i += 1
            else:
                j += 1
        out.append((fi, i, tuple(side[fj:j])))
    return out


def join(base, sides):
    lines = base.splitlines(keepends=True)
    all_hunks = sorted({h for s in sides
                        for h in hunks(lines, s.splitlines(keepends=True))})
    for a, b in zip(all_hunks, all_hunks[1:]):
        if b[0] <= a[1]:
            return None
    out, at = [], 0
    for start, end, new in all_hunks:
        out += lines[at:start] + list(new)
        at = end
    return "".join(out + lines[at:])


# --- random histories --------------------------------------------------------

SCALARS = {"s": None, "q": None, "n": "max", "m": "min", "t": "text",
           "a": "atomic", "r": {"rank": ["x", "y", "z"]}}


def random_schema(rng, depth=2):
    properties = {}
    for name, mark in SCALARS.items():
        if rng.random() < 0.6:
            properties[name] = {"x-merge": mark} if mark else {}
    properties["g"] = {"x-merge": "set"}
    if depth:
        properties["o"] = random_schema(rng, depth - 1)
        items = random_schema(rng, depth - 1)
        properties["i"] = {"x-merge": {"by": "id"}, "items": items}
    out = {"properties": properties}
    if depth == 2 and rng.random() < 0.5:
        out["required"] = ["s"]
    return out


def scalar(rng):
    return rng.choice([0, 1, 2, 3, "x", "y", "z", True, NULL, "w"])


def anything(rng, depth=1):
    if depth and rng.random() < 0.4:
        return {k: anything(rng, depth - 1)
                for k in rng.sample("pqr", rng.randrange(3))}
    return scalar(rng) if rng.random() < 0.8 else [scalar(rng)]


def lines(rng, old):
    text = (old if isinstance(old, str) and "\n" in old else
            "1\n2\n3\n4\n5\n6\n").splitlines(keepends=True)
    for _ in range(rng.randrange(1, 3)):
        k = rng.randrange(len(text) + 1)
        text[k:k + rng.randrange(2)] = [rng.choice("abc") + "\n"] * \
            rng.randrange(2)
    return "".join(text)


def change(rng, rule, value, top=False):
    """Another value of an object, in place of a copy."""
    value = dict(value)
    names = list(rule.schema.get("properties", {})) + ["u"]
    for _ in range(rng.randrange(1, 4)):
        name = rng.choice(names)
        kind = rule.member(name)
        old = value.get(name, ABSENT)
        if rng.random() < 0.15 and not (
                top and name in rule.schema.get("required", [])):
            value.pop(name, None)
        elif kind.kind == "set":
            have = {jcs(e): e for e in (old if isinstance(old, list) else [])}
            e = rng.choice(["a", "b", "c", 1])
            if rng.random() < 0.4:
                have.pop(jcs(e), None)
            else:
                have[jcs(e)] = e
            value[name] = [have[k] for k in sorted(have)]
        elif kind.kind == "keyed":
            have = {e["id"]: e for e in (old if isinstance(old, list) else [])}
            k = rng.choice("abc")
            if k in have and rng.random() < 0.3:
                del have[k]
            else:
                have[k] = change(rng, kind.member("[]"),
                                 have.get(k, {"id": k}))
                have[k]["id"] = k
            value[name] = [have[k] for k in sorted(have)]
        elif kind.schema.get("properties"):
            value[name] = change(rng, kind, old if isinstance(old, dict)
                                 else {})
        elif kind.kind == "text":
            value[name] = lines(rng, old)
        elif name == "u":
            value[name] = anything(rng)
        elif kind.kind in ("max", "min"):
            value[name] = rng.randrange(5) if rng.random() < 0.9 else "x"
        else:
            value[name] = scalar(rng)
    return value


def put_at(h, body, path, value):
    """The body with another value at a path; ABSENT: without."""
    if not path:
        return value
    rule = Rule(h.schema)

    def go(at, rule, rest):
        if rule.form(at) != "structure" or rule.kind == "set":
            return at
        parts = rule.parts(at)
        token = rest[0]
        if len(rest) == 1:
            parts.pop(token, None)
            if value is not ABSENT:
                parts[token] = value
        elif token in parts:
            parts[token] = go(parts[token], rule.member(token), rest[1:])
        if rule.kind == "keyed":
            return [parts[k] for k in sorted(parts)]
        if rule.own_key:
            parts[rule.own_key] = at[rule.own_key]
        return parts
    return go(body, rule, path)


def tell(rng):
    h = History(random_schema(rng))
    root = change(rng, Rule(h.schema), {"s": 0}, True)
    for _ in range(4):
        root = change(rng, Rule(h.schema), root, True)
    root.setdefault("s", 0)
    trusts = rng.randrange(2, 6)
    h.add([], 0, root, [])
    view = [1] * trusts
    for _ in range(rng.randrange(3, 12)):
        who = rng.randrange(trusts)
        if rng.random() < 0.6:
            view[who] |= view[rng.randrange(trusts)]
        shown, conflicts = h.state(view[who])
        body, settled = shown, []
        for c in conflicts:
            if rng.random() < 0.4 and c["path"]:
                settled.append(c["path"])
                if rng.random() < 0.6:
                    side = rng.choice(c["sides"] + [ABSENT])
                    if not (side is ABSENT and c["path"] == ("s",)):
                        body = put_at(h, body, c["path"], side)
        if rng.random() < 0.9:
            body = change(rng, Rule(h.schema), body, True)
        if "s" not in body:
            body["s"] = 9
        heads = [v for v in range(len(h.versions)) if view[who] >> v & 1 and
                 not any(view[who] >> o & 1 and h.past[o] >> v & 1
                         for o in range(len(h.versions)))]
        own = [n for n, v in enumerate(h.versions) if v["trust"] == who]
        heads = sorted(set(heads) | set(own[-1:]))
        view[who] |= 1 << h.add(heads, who, body, settled)
    arrive(rng, h, trusts)
    return h


def arrive(rng, h, trusts):
    """What of it comes to us, and whom the owner lets edit."""
    stewards = set(range(trusts))
    away = rng.randrange(1, trusts) if rng.random() < 0.2 else None
    for v in h.versions:
        if v["trust"] == 0:
            one = rng.randrange(1, trusts)
            if rng.random() < 0.2:
                stewards ^= {one}
        v["stewards"] = sorted(stewards)
        v["here"] = v["trust"] == 0 or (
            v["trust"] != away and rng.random() < 0.95)
        # The same version may lie in another main, too.
        v["also"] = rng.randrange(1, trusts) if rng.random() < 0.1 else None


def judged(h):
    """The history as it counts: those by stewards in the owner's newest
    file, and what that file builds on; the others only lead on."""
    mine = [n for n, v in enumerate(h.versions) if v["trust"] == 0]
    stewards = h.versions[mine[-1]]["stewards"]
    taken, todo = {mine[-1]}, [mine[-1]]
    while todo:
        for p in h.versions[todo.pop()]["parents"]:
            if p not in taken and h.versions[p]["here"]:
                taken.add(p)
                todo.append(p)
    out, number = History(h.schema), {}
    for n, v in enumerate(h.versions):
        if not v["here"]:
            continue
        counts = n in taken or v["trust"] in stewards or \
            v["also"] in stewards
        number[n] = out.add([number[p] for p in v["parents"] if p in number],
                            v["trust"], v["body"], v["settled"], counts)
        out.versions[number[n]]["id"] = "v%d" % n
    return out


def pointer(path):
    def escape(token):
        inner = token[1:-1] if token[:1] == "[" else token
        inner = inner.replace("~", "~0").replace("/", "~1")
        return "[%s]" % inner if token[:1] == "[" else inner
    return "".join("/" + escape(t) for t in path)


def document(h, rng):
    versions = [dict(id="v%d" % n, parents=["v%d" % p for p in v["parents"]],
                     trust="t%d" % trust, modified="",
                     body=plain(v["body"]),
                     stewards=["t%d" % t for t in v["stewards"]],
                     settled=[pointer(p) for p in v["settled"]])
                for n, v in enumerate(h.versions) if v["here"]
                for trust in {v["trust"], v["also"]} - {None}]
    rng.shuffle(versions)
    return json.dumps(dict(schema=h.schema, owner="t0", versions=versions))


def expected(h):
    h = judged(h)
    among = sum(1 << n for n, v in enumerate(h.versions) if v["counts"])
    tree, conflicts = h.state(among)
    heads = sorted(v["id"] for n, v in enumerate(h.versions) if v["counts"]
                   and not any(o["counts"] and h.past[m] >> n & 1
                               for m, o in enumerate(h.versions)))
    rows = []
    for c in conflicts:
        row = dict(path=pointer(c["path"]), kind=c["kind"],
                   sides=[["absent"] if s is ABSENT else [jcs(s)]
                          for s in c["sides"]])
        for name in "before", "shown":
            if c[name] is not ABSENT:
                row[name] = jcs(c[name])
        rows.append(row)
    rows.sort(key=lambda r: r["path"].encode())
    return dict(body=None if tree is ABSENT else jcs(tree), conflicts=rows,
                heads=heads)


def nulls(value):
    if value is None:
        return NULL
    if isinstance(value, dict):
        return {k: nulls(v) for k, v in value.items()}
    return [nulls(v) for v in value] if isinstance(value, list) else value


def got(line):
    doc = json.loads(line)
    if "error" in doc:
        return doc
    rows = []
    for c in doc["conflicts"]:
        row = dict(path=c["path"], kind=c["kind"], sides=[
            ["absent"] if "absent" in s else [jcs(nulls(s["value"]))]
            for s in c["sides"]])
        for name in "before", "shown":
            if name in c:
                row[name] = jcs(nulls(c[name]))
        rows.append(row)
    body = jcs(nulls(doc["body"])) if "body" in doc else None
    return dict(body=body, conflicts=rows, heads=doc["heads"])


def main():
    confer = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else \
        random.SystemRandom().randrange(1 << 30)
    print("# SEED=%d" % seed)
    rng = random.Random(seed)
    told = [tell(rng) for _ in range(count)]
    documents = [document(h, rng) for h in told]
    lines_ = subprocess.run([confer, "debug", "merge", "-"], text=True,
                            input="\n".join(documents),
                            stdout=subprocess.PIPE).stdout.splitlines()
    failed = abs(len(lines_) - count)
    met = {}
    for h, text, line in zip(told, documents, lines_):
        want, have = expected(h), got(line)
        for c in want["conflicts"]:
            met[c["kind"]] = met.get(c["kind"], 0) + 1
        if want != have:
            failed += 1
            if failed < 4:
                print("document:", text)
                print("rule:  ", json.dumps(want))
                print("confer:", json.dumps(have))
    print("# met", met)
    print("%d passed, %d failed" % (count - failed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
