"""Judge every hand-in where NumPy and PyTorch are installed, and keep what is said of it.

From the folder of the tests: python -m checking.hand_ins.judge
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from convcalc.checking.nursery import nursery

from checking.hand_ins import RIGHT, VERDICTS, WRONG, answer_to, name_of, named, verdict

JOBS = 2


def judged(hand_in, forking):
    with TemporaryDirectory() as folder:
        return name_of(hand_in), verdict(answer_to(hand_in, Path(folder), forking=forking))


def main():
    with nursery() as forking, ThreadPoolExecutor(JOBS) as pool:
        verdicts = dict(pool.map(partial(judged, forking=forking), [*RIGHT, *WRONG]))
    text = json.dumps(verdicts, indent=1, ensure_ascii=False)
    VERDICTS.write_text(f"{text}\n", encoding="utf-8")
    right = sum(not verdicts[name_of(each)]["failed"] for each in RIGHT)
    wrong = [verdicts[name_of(each)] for each in WRONG]
    told = sum(bool(each["likely"] or each["separates"]) for each in wrong)
    false = [
        name_of(each)
        for each in WRONG
        if verdicts[name_of(each)]["likely"] and not named(each, verdicts[name_of(each)])
    ]
    print(f"{right} of {len(RIGHT)} right ones pass")
    print(
        f"{sum(each['failed'] > 0 for each in wrong)} of {len(wrong)} wrong ones fail, {told} told"
    )
    print(*(f"says something else: {each}" for each in false), sep="\n")
    return len(false)


if __name__ == "__main__":
    sys.exit(main())
