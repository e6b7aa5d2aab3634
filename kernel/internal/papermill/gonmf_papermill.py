"""Lets papermill write its parameters in Go.

Papermill loads this module as one of its engines, which it is not, since that
is the one moment at which it asks others; gonmf install -papermill puts it here.
"""

import json
import math
import re

from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class GoTranslator(Translator):
    """Assigns to the variables of the cell tagged parameters, and declares others."""

    VARIABLE = re.compile(r"^\s*(?:var\s+)?(\w+)\s*([\w.\[\]*]*)\s*:?=\s*(.*?)\s*(?://\s*(.*))?$")
    SEVERAL = re.compile(r"^\s*(?:var\s+)?(\w+(?:\s*,\s*\w+)+)\s*:?=")
    DECLARED = re.compile(r"^\s*var\s+(\w+)\s+([\w.\[\]*]+)\s*(?://\s*(.*))?$")

    def __init__(self):
        self.declared = set()

    @classmethod
    def comment(cls, text):
        return f"// {text}".strip()

    @classmethod
    def translate_none(cls, value):
        return "any(nil)"

    @classmethod
    def translate_str(cls, value):
        # JSON's escapes are Go's. Go allows a byte order mark nowhere but in front.
        return json.dumps(value, ensure_ascii=False).replace("\ufeff", r"\ufeff")

    translate_escaped_str = translate_str

    @classmethod
    def translate_float(cls, value):
        if math.isnan(value):
            return "math.NaN()"
        if math.isinf(value):
            return f"math.Inf({'-' if value < 0 else ''}1)"
        return repr(value)

    @classmethod
    def type(cls, values):
        kinds = {type(v) for v in values}
        if kinds == {int, float}:
            return "float64"
        if len(kinds) != 1:
            return "any"
        kind = kinds.pop()
        if kind is list:
            return "[]" + cls.type([v for row in values for v in row])
        return {bool: "bool", int: "int", float: "float64", str: "string"}.get(kind, "any")

    @classmethod
    def literal(cls, value, type):
        """A value in a list or map of this type, which Go need not be told again."""
        if isinstance(value, list) and type.startswith("[]"):
            return f"{{{', '.join(cls.literal(v, type[2:]) for v in value)}}}"
        return cls.translate(value)

    @classmethod
    def translate_list(cls, values):
        type = cls.type([values])
        return type + cls.literal(values, type)

    @classmethod
    def translate_dict(cls, values):
        type = cls.type(values.values())
        pairs = ", ".join(f"{cls.translate_str(str(k))}: {cls.literal(v, type)}" for k, v in values.items())
        return f"map[string]{type}{{{pairs}}}"

    def codify(self, parameters, comment="Parameters"):
        lines = [self.comment(comment)]
        code = [("" if name in self.declared else "var ") + f"{name} = {self.translate(value)}" for name, value in parameters.items()]
        if any("math." in line for line in code):
            lines.append('import "math"')
        self.declared = set()
        return "\n".join(lines + code) + "\n"

    def inspect(self, parameters_cell):
        found = []
        for line in parameters_cell["source"].splitlines():
            if m := self.SEVERAL.match(line):
                found += [Parameter(name.strip(), "None", "", "") for name in m[1].split(",")]
            elif m := self.DECLARED.match(line):
                found.append(Parameter(m[1], m[2], "", m[3] or ""))
            elif m := self.VARIABLE.match(line):
                found.append(Parameter(m[1], m[2] or "None", m[3], m[4] or ""))
        self.declared = {p.name for p in found}
        return found


papermill_translators.register("go", GoTranslator())
