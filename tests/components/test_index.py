"""The package's own list of what there is: whoever looks for a component finds it, or sees that there is none."""

import ast
import re
from pathlib import Path

from portal import components

FOLDER = Path(components.__file__).parent
LISTED = set(re.findall(r"\w+", components.__doc__ or ""))


def test_every_module_and_every_function_of_it_is_listed() -> None:
    modules = [file for file in FOLDER.glob("*.py") if file.stem != "__init__"]
    made = {
        node.name
        for file in modules
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }

    assert {file.stem for file in modules} - LISTED == set()
    assert made - LISTED == set()


def test_no_module_is_listed_that_is_gone() -> None:
    listed = re.findall(r"^(\w+) ", components.__doc__ or "", re.MULTILINE)

    assert listed
    assert [name for name in listed[1:] if not (FOLDER / f"{name}.py").exists()] == []
