"""Why a condition that is already known to be possible holds or may hold, as generated source.

Nearly all conditions of a case turn out NO, and the quick expressions of `app.conditions.compiling` tell which do not.
Only for those is a reason wanted, and then half the work is done: every part of an *all* that is not NO is not NO
itself, and of an *any* only the winners count. What comes out is exactly what the explaining evaluator says.
"""

from collections.abc import Callable
from typing import TypeAlias, cast

from app.conditions.checking import Vocabulary
from app.conditions.compiling import Emitter, Pair, Scope, build, indented
from app.conditions.evaluate import COMPARED, evaluate_count, resolve
from app.conditions.facts import Binding, Facts
from app.conditions.kleene import Evidence, Kleene, Verdict
from app.conditions.operators import Kind
from app.conditions.tree import All, Any, Count, Node, Not, Reference, Test, anchor_of, walk

Reasons: TypeAlias = Callable[[Facts, Binding | None], Verdict | None]
"""Gives the verdict with its reasons, or None when the condition does not hold."""


def compile_reasons(node: Node, vocabulary: Vocabulary, group: str | None = None) -> Reasons:
    """Make a function that explains one condition. ``group`` is the list whose item it is about."""
    writer = _Writer(Emitter(vocabulary), Scope(vocabulary, group))
    return cast("Reasons", build(writer.source(node), writer.emitter.constants)["why"])


class _Writer:
    """Writes the statements that gather ``because`` and ``missing``."""

    def __init__(self, emitter: Emitter, scope: Scope) -> None:
        self.emitter = emitter
        self.scope = scope
        self.marks = 0
        emitter.constants.update(Evidence=Evidence, evaluate_count=evaluate_count, resolve=resolve)
        emitter.constants.update(gathered=gathered, gathered_once=gathered_once)

    def source(self, node: Node) -> str:
        """Write the whole function."""
        whole = self._pair(node, negated=False)
        body = self.collect(node, negated=False)
        fields = self.scope.fields
        lines = [
            *self.emitter.functions,
            "def why(facts, bound):",
            *indented(self.scope.prologue(), 1),
            *indented(self._item(self.scope.group) if fields and self.scope.group else [], 1),
            f"    if not {whole.possible}:",
            "        return None",
            "    because, missing = [], []",
            *indented(body, 1),
            f"    return {'gathered' if _looks_twice(node) else 'gathered_once'}(because, missing)",
            "",
        ]
        return "\n".join(lines)

    def _item(self, group: str) -> list[str]:
        return [
            "if bound.item is None:",
            "    at, get = '', bound.facts.further.get",
            f"    blank = Open(bound.facts.open_because or ({group!r},))",
            *indented([f"{name} = get({field!r}, blank)" for name, field in self.scope.fields.items()], 1),
            "else:",
            "    R = bound.item.readings",
            f"    at = '{group}[' + bound.item.id + '].'",
            *indented(self.scope.item_setup(), 1),
        ]

    def _pair(self, node: Node, *, negated: bool) -> Pair:
        return self.emitter.pair(node, self.scope, negated=negated)

    def collect(self, node: Node, *, negated: bool) -> list[str]:
        """Write what gathers the reasons of a condition that is not NO."""
        match node:
            case Test():
                return self._test(node, negated=negated)
            case Not(part):
                return self.collect(part, negated=not negated)
            case Count():
                name = self.emitter.constant(node, "COUNT_")
                return [
                    f"counted = evaluate_count({name}, facts, negated={negated})",
                    "because += counted.because",
                    "missing += counted.missing",
                ]
            case All(parts) | Any(parts):
                if isinstance(node, All) is not negated or len(parts) == 1:
                    return [line for part in parts for line in self.collect(part, negated=negated)]
                return self._winners(node, parts, negated=negated)

    def _winners(self, node: Node, parts: tuple[Node, ...], *, negated: bool) -> list[str]:
        sure = f"sure_{self.marks}"
        self.marks += 1
        lines = [f"{sure} = {self._pair(node, negated=negated).certain}"]
        for part in parts:
            pair = self._pair(part, negated=negated)
            lines.append(f"if {pair.certain} if {sure} else {pair.possible}:")
            lines += indented(self.collect(part, negated=negated), 1)
        return lines

    def _test(self, node: Test, *, negated: bool) -> list[str]:
        subject = self.scope.variable(node.subject)
        reference = anchor_of(node.argument)
        known = self.scope.vocabulary.find(node.subject)
        rough = known is not None and known.kind is Kind.DATE and node.operator != "is_given"
        expected = "None" if node.argument is None else self.emitter.constant(node.argument, "ARGUMENT_")
        path = self._path(node.subject)
        if reference is None:
            found = [f"because.append(Evidence({path}, {subject}, {node.operator!r}, {expected}, {negated}, True))"]
            return [
                f"if type({subject}) is Open:",
                f"    missing += {subject}.because",
                *(
                    self._dated(node, found, [(path, subject)], negated=negated)
                    if rough
                    else ["else:", *indented(found, 1)]
                ),
            ]
        other, other_path = self.scope.variable(reference.path), self._path(reference.path)
        resolved = other if isinstance(node.argument, Reference) else f"resolve({expected}, {other})"
        found = [
            f"because.append(Evidence({path}, {subject}, {node.operator!r}, {resolved}, {negated}, True))",
            f"because.append(Evidence({other_path}, {other}, {COMPARED!r}))",
        ]
        both = [(path, subject), (other_path, other)]
        return [
            f"if type({subject}) is Open or type({other}) is Open:",
            *(f"    if type({one}) is Open: missing += {one}.because" for one in (subject, other)),
            *(self._dated(node, found, both, negated=negated) if rough else ["else:", *indented(found, 1)]),
        ]

    def _dated(self, node: Test, found: list[str], dates: list[tuple[str, str]], *, negated: bool) -> list[str]:
        """A date that is known in part may leave the test open."""
        imprecise = [f"    if {date}.day is None: missing.append({path})" for path, date in dates]
        if len(dates) == 1:
            imprecise = [f"    missing.append({path})" for path, _ in dates]
        certain = self._pair(node, negated=negated).certain
        return [f"elif {certain}:", *indented(found, 1), "else:", *imprecise]

    def _path(self, path: str) -> str:
        group = self.scope.group
        if group is not None and path.startswith(f"{group}."):
            return f"at + {path.removeprefix(f'{group}.')!r}"
        return repr(path)


def gathered(because: list[Evidence], missing: list[str]) -> Verdict:
    """Make the verdict: what misses nothing is certain, and everything is said once."""
    if not missing:
        return Verdict(Kleene.YES, tuple(dict.fromkeys(because)))
    return Verdict(Kleene.UNKNOWN, tuple(dict.fromkeys(because)), tuple(dict.fromkeys(missing)))


def gathered_once(because: list[Evidence], missing: list[str]) -> Verdict:
    """Make the verdict of a condition that looks at nothing twice."""
    if not missing:
        return Verdict(Kleene.YES, tuple(because))
    return Verdict(Kleene.UNKNOWN, tuple(because), tuple(dict.fromkeys(missing)))


def _looks_twice(node: Node) -> bool:
    """Whether the same answer can come up twice as a reason. What a count brings along is not known beforehand."""
    parts = list(walk(node))
    paths = [part.subject for part in parts if isinstance(part, Test)]
    paths += [reference.path for part in parts if isinstance(part, Test) and (reference := anchor_of(part.argument))]
    return len(set(paths)) < len(paths) or any(isinstance(part, Count) for part in parts)
