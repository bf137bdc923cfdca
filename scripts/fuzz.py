#!/usr/bin/env python3
"""Feed the template engine random and mutated templates, and see that it answers each one.

usage: fuzz.py [--tenon EXE] [--seconds 60] [--seed N] [--replay FILE]

Templates grow from Tests/Fuzz/corpus and a dictionary of tokens; some are built to be deep, long or expensive. Each
goes to `tenon render --batch` as a JSON line. A process that ends, is silent for 20 s on one template, or needs more
than 4 GiB of address space has failed; so has an answer without "output" or "error". The template at fault is
written to target/fuzz/ and can be replayed. Exit code 0 when nothing failed, else 1.
"""

import argparse
import json
import pathlib
import random
import resource
import selectors
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
CORPUS = TOP / "Tests" / "Fuzz" / "corpus"
SILENCE = 20
ADDRESS_SPACE = 4 << 30
BATCH = 64

TOKENS = """{{ }} {% %} {# #} {%- -%} {{- -}} {%+ +%} ( ) [ ] { } | . , : = == != < > <= >= + - * / // % ** ~ is in not
and or if else elif endif for endfor in recursive set endset macro endmacro call endcall filter endfilter block
endblock extends include import from with endwith raw endraw do break continue namespace loop caller self super
varargs kwargs true false none True None 0 1 -1 2.5 1e400 0x1f 1_0 99999999999999999999 '' "" 'a' "\\u00e9" '\\' x y
item.name a.b.c ['k'] [::-1] [1:2] range(3) dict(a=1) upper join(',') map(attribute='a') batch(2) default(1) tojson
replace('a','b') sort groupby('a') sum round int float string list length first last format indent xmltag
__class__ .items() .append(1) .update({}) .format(1) %s \n \t \r\n \x00 é 日本 🎉 \u202e""".split(" ")
TOKENS = [token for piece in TOKENS for token in piece.split("\n") if token] + [" ", "\n", "\t", "\0", "\u2028", "\ufeff"]

CONTEXT = {
    "x": 3, "y": "text", "a": {"b": {"c": [1, 2]}}, "item": {"name": "n"}, "items": [{"a": 1}, {"a": 2}, {"b": None}],
    "s": "日本語 é", "n": None, "f": 1.5, "big": 10 ** 30, "t": True, "empty": [], "deep": [[[[]]]],
}


def hostile(rng):
    """Templates that ask for too much of something."""
    depth = rng.choice([100, 1000, 10_000, 50_000])
    count = rng.choice([10 ** 6, 10 ** 9, 10 ** 12, 2 ** 63, 10 ** 30])
    return rng.choice([
        lambda: "{{ " + "(" * depth + "1" + ")" * depth + " }}",
        lambda: "{{ " + "[" * depth + "]" * depth + " }}",
        lambda: "{{ " + "[" * depth,
        lambda: "{{ " + "{1:" * depth + "1" + "}" * depth + " }}",
        lambda: "{{ " + "not " * depth + "1 }}",
        lambda: "{{ " + "-" * depth + "1 }}",
        lambda: "{{ 1" + " + 1" * depth + " }}",
        lambda: "{{ 1" + " ** 1" * depth + " }}",
        lambda: "{{ x" + ".a" * depth + " }}",
        lambda: "{{ x" + "|string" * depth + " }}",
        lambda: "{{ y" + "[0]" * depth + " }}",
        lambda: "{{ x" + "()" * depth + " }}",
        lambda: "{{ " + "1 if x else " * depth + "2 }}",
        lambda: "{% if x %}" * min(depth, 10_000) + "{% endif %}" * min(depth, 10_000),
        lambda: "{% for i in items %}" * 30 + "{% endfor %}" * 30,
        lambda: "{% if 0 %}" + "{% elif 1 %}" * depth + "{% endif %}",
        lambda: "{{ '" + "x" * (10 << 20) + "' | length }}",
        lambda: "{{ " + "9" * rng.choice([1000, 10_000, 100_000]) + " }}",
        lambda: "x" * (10 << 20),
        lambda: "{#" * depth,
        lambda: "{% raw %}" * depth,
        lambda: f"{{% for i in range({count}) %}}x{{% endfor %}}",
        lambda: f"{{{{ range({count}) | list | length }}}}",
        lambda: f"{{{{ 'x' * {count} }}}}",
        lambda: f"{{{{ [1] * {count} }}}}",
        lambda: f"{{{{ 10 ** {count} }}}}",
        lambda: f"{{{{ 2 ** 2 ** 2 ** 2 ** 2 ** {rng.randrange(9)} }}}}",
        lambda: f"{{{{ '%{count}d' % 1 }}}}",
        lambda: f"{{{{ '{{:>{count}}}'.format(1) }}}}",
        lambda: f"{{{{ 'a' | center({count}) }}}}",
        lambda: f"{{{{ 'a' | indent({count}) }}}}",
        lambda: f"{{{{ 'a'.ljust({count}) }}}}",
        lambda: f"{{{{ 1.5 | round({count}) }}}}",
        lambda: f"{{{{ [1] | batch({count}, 0) | list }}}}",
        lambda: f"{{{{ [1] | slice({count}) | list | length }}}}",
        lambda: f"{{{{ lipsum(n={count}) | length }}}}",
        lambda: "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}",
        lambda: "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}",
        lambda: "{% set l = [] %}{% do l.append(l) %}{{ l }}{{ l == l }}",
        lambda: "{% set d = {} %}{% do d.update({'a': d}) %}{{ d }}{{ d | tojson }}",
        lambda: "{% for i in items recursive %}{{ loop(items) }}{% endfor %}",
        lambda: "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
        lambda: "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        lambda: "{% set l = [1] %}{% for i in l %}{% do l.append(i) %}{% endfor %}",
        lambda: "{{ self.a() }}{% block a %}{{ self.a() }}{% endblock %}",
        lambda: "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | replace('a', 'a' * 1000) | length }}",
        lambda: "{{ ('a' * 100000) | urlize | length }}{{ ('<' * 100000) | striptags | length }}",
        lambda: "{{ ('a ' * 100000) | wordwrap(3) | length }}",
    ])()


def mutated(rng, corpus):
    text = rng.choice(corpus)
    for _ in range(rng.choice([1, 1, 2, 3, 8])):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + rng.choice([1, 1, 2, 5, 20]))
        text = rng.choice([
            lambda: text[:at] + text[end:],
            lambda: text[:at] + rng.choice(TOKENS) + text[at:],
            lambda: text[:at] + rng.choice(TOKENS) + text[end:],
            lambda: text[:at] + text[at:end] * rng.choice([2, 3, 50]) + text[end:],
            lambda: text[:at] + rng.choice(corpus)[rng.randrange(40):],
            lambda: text[:at],
            lambda: text[:at] + chr(rng.choice([0, 0x7f, 0xa0, 0xdf, 0x301, 0x3042, 0xfffd, 0x1f600])) + text[at:],
        ])()
    return text


def template(rng, corpus):
    kind = rng.random()
    if kind < 0.01:
        return hostile(rng)
    if kind < 0.25:
        inside = " ".join(rng.choice(TOKENS) for _ in range(rng.randrange(1, 25)))
        return rng.choice(["{{ %s }}", "{%% %s %%}", "%s", "{%% if %s %%}a{%% endif %%}", "{%% set z = %s %%}{{ z }}"]) % inside
    return mutated(rng, corpus)


class Engine:
    def __init__(self, command):
        self.command = command
        self.process = None

    def start(self):
        def limits():
            resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=limits)
        self.reader = selectors.DefaultSelector()
        self.reader.register(self.process.stdout, selectors.EVENT_READ)
        self.rest = b""

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.reader.close()
            self.process = None

    def line(self):
        """The next line, or None after a silence or the process's end."""
        while b"\n" not in self.rest:
            if not self.reader.select(SILENCE):
                return None
            piece = self.process.stdout.read1(1 << 20)
            if not piece:
                return None
            self.rest += piece
        line, self.rest = self.rest.split(b"\n", 1)
        return line

    def ask(self, templates):
        """None when all were answered, else the number of the first that was not, and what happened."""
        if self.process is None:
            self.start()
        for number, text in enumerate(templates):
            request = {"id": str(number), "template": text, "context": CONTEXT, "options": {"extensions": ["do", "loopcontrols"]}}
            began = time.monotonic()
            try:
                self.process.stdin.write(json.dumps(request).encode("utf-8", "replace") + b"\n")
                self.process.stdin.flush()
                answer = self.line()
            except BrokenPipeError:
                answer = None
            if answer is None:
                time.sleep(0.1)
                status = self.process.poll()
                self.stop()
                took = time.monotonic() - began
                return number, f"silent for {took:.0f} s" if status is None else f"ended with {status}"
            try:
                reply = json.loads(answer)
                good = isinstance(reply, dict) and ("output" in reply or "error" in reply)
            except ValueError:
                good = False
            if not good:
                self.stop()
                return number, f"answered {answer[:200]!r}"
        return None


def main():
    parser = argparse.ArgumentParser(description="feed the template engine random templates")
    parser.add_argument("--tenon", default=str(TOP / ".build/release/tenon"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--replay", type=pathlib.Path)
    options = parser.parse_args()

    engine = Engine([options.tenon, "render", "--batch"])
    if options.replay:
        failed = engine.ask([options.replay.read_text(encoding="utf-8")])
        engine.stop()
        print(failed[1] if failed else "answered")
        sys.exit(1 if failed else 0)

    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    rng = random.Random(seed)
    corpus = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.iterdir())]
    asked, failures, deadline = 0, 0, time.monotonic() + options.seconds
    # What is in the corpus, and every hostile shape once in a while, whatever chance says.
    queue = corpus + [hostile(rng) for _ in range(60)]
    while time.monotonic() < deadline and failures < 20:
        batch = [queue.pop() for _ in range(min(BATCH, len(queue)))] or [template(rng, corpus) for _ in range(BATCH)]
        failed = engine.ask(batch)
        if failed is None:
            asked += len(batch)
            continue
        number, what = failed
        asked += number + 1
        queue += batch[number + 1:]
        failures += 1
        place = TOP / "target" / "fuzz" / f"{seed}-{failures}.jinja"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(batch[number], encoding="utf-8", errors="replace")
        print(f"{what}: {place} ({batch[number][:100]!r})", flush=True)
    engine.stop()
    print(f"fuzz: {asked} templates, {failures} failures (seed {seed})")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
