"""Types into jupyter console as people do, on a pseudo-terminal, and prints what is to be seen.

usage: console.py KERNEL

Each step waits for what it expects. The exit status is 0 if all came.
"""

import os
import pty
import re
import select
import sys
import time

PATIENCE = 60  # seconds to wait for anything, on a slow machine

os.environ.update(TERM="xterm", COLUMNS="100", LINES="40", PROMPT_TOOLKIT_NO_CPR="1", JUPYTER_PLATFORM_DIRS="1")
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.executable, [sys.executable, "-m", "jupyter", "console", "--kernel", sys.argv[1]])

CODES = re.compile(r"\x1b\][^\x07]*\x07|\x1b[\[(][0-9;?]*[ -/]*[@-~]|\x1b[=>]|\x07")
screen = b""


def seen():
    return CODES.sub("", screen.decode("utf-8", "replace")).replace("\r", "")


def expect(text):
    """Waits until text was written after what was expected before."""
    global screen
    end = time.monotonic() + PATIENCE
    while text not in seen():
        if time.monotonic() > end or not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            sys.exit(f"{text!r} did not come, but:\n{seen()}")
        try:
            screen += os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end has been closed
            sys.exit(f"the console ended before {text!r} came:\n{seen()}")
    before, _, after = seen().partition(text)
    print(before + text)
    screen = after.encode()  # what is expected next may have come already


def keys(text):
    # The console takes several keys at once for something that is pasted.
    for key in text:
        os.write(terminal, key.encode())
        time.sleep(.02)


expect("In [1]:")
keys('import "fmt"\r')
expect("In [2]:")
keys("func twice(n int) int {\r")  # incomplete: a line follows
expect("...:")
keys("return 2*n\r}\r")
expect("In [3]:")
keys("twice(21)\r")
expect("Out[3]: 42")
expect("In [4]:")
keys("fmt.Printl\t")
expect("Println")
keys('("é", 1)\r')
expect("é 1")
expect("In [5]:")
keys("fmt.Prinln(1)\r")
expect("did you mean fmt.Println")
expect("In [6]:")
keys("for { }\r")
time.sleep(1)
keys("\x03")
expect("interrupted")
expect("In [7]:")
keys("twice(4)\r")
expect("Out[7]: 8")
expect("In [8]:")
keys("twice?\r")
expect("func twice(n int) int")
expect("In [9]:")
keys("\x04")
expect("Do you really want to exit")
keys("y\r")
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
