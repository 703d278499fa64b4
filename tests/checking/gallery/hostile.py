"""Functions that do to their process what nobody should; each is right for an x of 1."""

import atexit
import os
import signal
import sys
import threading
import time
from contextlib import suppress


def exits(x):
    if x != 1:
        sys.exit(3)
    return 1


def ends(x):
    if x != 1:
        os._exit(7)
    return 1


def is_killed(x):
    if x != 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return 1


def kills_its_group(x):
    if x != 1:
        os.killpg(0, signal.SIGTERM)
    return 1


def hangs(x):
    while x != 1:
        pass
    return 1


def sleeps_and_hears_nothing(x):
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    if x != 1:
        time.sleep(1000)
    return 1


def stops(x):
    if x != 1:
        os.kill(os.getpid(), signal.SIGSTOP)
    return 1


def goes_elsewhere(x):
    os.chdir("/")
    return 1


def shouts(x):
    for _ in range(20):
        print("o" * 100_000)
        sys.stderr.write("e" * 100_000)
        os.write(1, b"w" * 100_000)
    return 1


def leaves_threads(x):
    threading.Thread(target=time.sleep, args=(1000,)).start()
    atexit.register(time.sleep, 1000)
    return 1


def forks(x):
    os.fork()
    return 1


def closes_everything(x):
    if x != 1:
        os.closerange(0, 100)
    return 1


def closes_its_output(x):
    sys.stdout.close()
    sys.stderr.close()
    return 1


def writes_into_the_answers(x):
    for descriptor in range(3, 20):
        with suppress(OSError):
            os.write(descriptor, b'rubbish\n[1, 2]\n{"number": 9, "value": 1}\n3\n')
    return 1


def guesses_an_answer(x):
    for descriptor in range(3, 20):
        with suppress(OSError):
            os.write(descriptor, b'{"number": 2}\n')
    return 1


def answers_itself(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    number = frame.f_locals["request"]["number"]
    for descriptor in range(3, 20):
        with suppress(OSError):
            os.write(descriptor, b'{"number": %d}\n' % number)
    return 1


def floods_the_answers(x):
    for descriptor in range(3, 20):
        with suppress(OSError):
            for _ in range(60):
                os.write(descriptor, b"[" * 1_000_000)
    return 1


def leaves_a_process_of_its_own(x):
    if os.fork() == 0:
        os.setsid()
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(20)"])
    return 1


def steers_the_terminal(x):
    print("\x1b[2J\x1b]0;title\x07 \x9b31m \u202e")
    return 1


def asks(x):
    return input()


def interrupts(x):
    raise KeyboardInterrupt


class Wordless(Exception):
    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __str__


def raises_what_has_no_words(x):
    raise Wordless


def raises_at_length(x):
    raise ValueError("\x1b[31mred\r\n" * 1000)


class Rude:
    def __getattr__(self, name):
        raise RuntimeError(name)


class Obliging:
    def __getattr__(self, name):
        return self

    def __call__(self, *args):
        return self


def returns_what_is_rude(x):
    return Rude()


def returns_what_has_a_rude_name(x):
    return type("\x1b[31m", (), {})()


def returns_what_is_obliging(x):
    return Obliging()


def returns_itself(x):
    nested = []
    nested.append(nested)
    return nested


def returns_too_much(x):
    return [0] * 1_000_000


def returns_a_generator(x):
    return (each for each in [1])


def returns_large_numbers(x):
    return [10**400, -(10**5000), float("inf"), 1.5, True]


def recurses(x):
    return recurses(x)


def changes_its_input(x):
    x[0][1] = 5
    return 1


def grows_its_input(x):
    x.append(3)
    return 1


def takes_by_name(*, x):
    x[0][0] -= 1
    return 1
