"""Calls in all the places where they are looked for, and in some where they are not."""
from __future__ import annotations
import os, sys as system


@some.decorator(dbt.ref("in_decorator"))
class Helper(Base, metaclass=make(dbt.ref("in_keyword"))):
    field: int = 3

    def method(self, *args, key: str = "a", **rest) -> list[int]:
        return [x for x in dbt.ref("in_comprehension").rows if x > 1 and not self]


async def later(session):
    async with session.open() as handle, handle.inner() as inner:
        await handle.read()
    async for row in inner:
        yield row


def model(dbt, session):
    frame = dbt.ref("orders").filter(lambda row: row["a"] > 1).select(dbt.ref("in_chain").x + 1)
    many = union([dbt.ref("in_list"), 3], other=(dbt.ref("in_tuple"),), **{"k": dbt.ref("in_dict")})
    text = show(f"{dbt.ref('in_format')!r:>{width}} and not this {value=}", f"{a if b else c}")
    alone = f"{dbt.source('raw', 'events')}"
    nested = outer(inner(dbt.ref("in_call")), 1 + dbt.ref("hidden_in_sum"))
    versioned = dbt.ref("orders") if False else dbt.ref("python_models", "orders")
    spread = dbt.ref(
        "several"
        "_strings"
    )
    if (n := len(frame)) > 10:
        dbt.config(alias="forms_" "alias")
    elif n == 3: pass
    else:
        del n
    for a, *b in zip(range(3), [1, 2]):
        continue
    while True:
        break
    try:
        raise ValueError("x") from None
    except (KeyError, ValueError) as error:
        print(error, file=system.stderr)
    finally:
        assert frame is not None, "nothing"
    with open("a") as one, open("b") as two:
        one.write(two.read()[1:2, ::3])
    match = {"k": 1, **os.environ}
    match n:
        case 1 | 2:
            pass
        case {"k": v} if v:
            pass
        case _:
            match = 3
    x: dict[str, int] = {i: j for i, j in match.items()}
    x["a"] @= ~4 ** -2 // 3 << 1
    global y
    return frame
