"""Colours for LAMMPS inputs: comments, the command that a line begins with, variables, strings, numbers."""

from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Keyword, Name, Number, String, Text


class LAMMPSLexer(RegexLexer):
    """Blocks of `lammps`."""

    name = "LAMMPS"
    aliases = ("lammps",)
    tokens = {  # noqa: RUF012 the form that Pygments asks for
        "root": [
            (r"#.*", Comment),
            (r"^([ \t]*)([a-z_]+)(?=\s)", bygroups(Text, Keyword)),
            (r"\$\{[^}]*\}|\$\([^)]*\)|\b[cfv]_\w+(\[\d+\])?", Name.Variable),
            (r'"[^"\n]*"', String),
            (r"(?<![\w/.-])[-+]?\d+(\.\d*)?([eE][-+]?\d+)?\b", Number),
            (r"\S", Text),
            (r"\s+", Text),
        ]
    }


def setup(app) -> dict:
    app.add_lexer("lammps", LAMMPSLexer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
