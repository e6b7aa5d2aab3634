"""What Jupyter's own clients demand of a kernel, run by conformance_test.go.

The kernel's name is taken from the environment variable KERNEL.
"""

import os
import tempfile
import threading
import time
import unittest

import jupyter_kernel_test
import nbclient
import nbconvert
import nbformat
from jupyter_client import KernelManager

KERNEL = os.environ["KERNEL"]


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'import "fmt"\nfmt.Println("hello, world")'
    code_stderr = 'import ("fmt"; "os")\nfmt.Fprintln(os.Stderr, "oops")'
    code_page_something = "display.Show?"
    code_generate_error = 'panic("no")'
    code_execute_result = [
        {"code": "1+2", "result": "3"},
        {"code": '"text"', "result": "text"},
    ]
    code_display_data = [
        {"code": 'display.Show(display.HTML("<b>x</b>"))', "mime": "text/html"},
        {"code": 'display.Show(display.Markdown("*x*"))', "mime": "text/markdown"},
        {"code": 'display.Show(display.SVG("<svg/>"))', "mime": "image/svg+xml"},
        {"code": 'display.Show(display.Latex("x^2"))', "mime": "text/latex"},
        {"code": 'display.Show(display.JSON(map[string]any{"a": 1}))', "mime": "application/json"},
        {"code": 'import "image"\ndisplay.Show(image.NewGray(image.Rect(0, 0, 2, 2)))', "mime": "image/png"},
        {"code": 'display.Show(display.JPEG([]byte("x")))', "mime": "image/jpeg"},
    ]
    code_clear_output = "display.Clear(false)"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1?2*"
    code_inspect_sample = "display.Show"
    completion_samples = [{"text": "display.ShowA", "matches": {"ShowAs"}}]
    complete_code_samples = ["1 + 1", "x := 3", "func f() {}", ""]
    incomplete_code_samples = ["func f() {", "for {", "x := []int{1,", "y := `raw"]
    invalid_code_samples = ["x := )", "}"]


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True


class Client(unittest.TestCase):
    """What jupyter_kernel_test leaves out."""

    @classmethod
    def setUpClass(cls):
        cls.manager = KernelManager(kernel_name=KERNEL)
        cls.manager.start_kernel()
        cls.client = cls.manager.client()
        cls.client.start_channels()
        cls.client.wait_for_ready(timeout=30)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()

    def run_cell(self, code, **options):
        output = []
        reply = self.client.execute_interactive(code, timeout=30, output_hook=output.append, **options)
        return reply["content"], output

    def text(self, output):
        return "".join(m["content"]["text"] for m in output if m["msg_type"] == "stream")

    def test_input(self):
        asked = []

        def answer(message):
            asked.append(message["content"])
            self.client.input("gopher")

        code = 'import "fmt"\nvar who string\nfmt.Scanln(&who)\nfmt.Println("hello", who)'
        reply, output = self.run_cell(code, allow_stdin=True, stdin_hook=answer)
        self.assertEqual(reply["status"], "ok")
        self.assertEqual(self.text(output), "hello gopher\n")
        self.assertEqual([a["password"] for a in asked], [False])

    def test_interrupt(self):
        for code in ["for {}", 'import "time"\ntime.Sleep(time.Hour)']:
            timer = threading.Timer(0.5, self.manager.interrupt_kernel)
            timer.start()
            begin = time.time()
            reply, _ = self.run_cell(code)
            timer.join()
            self.assertEqual((reply["status"], reply["ename"]), ("error", "Interrupted"))
            self.assertLess(time.time() - begin, 5)

    def test_stop_on_error(self):
        ids = [self.client.execute(code) for code in ['panic("no")', "1", "2"]]
        replies = [self.client.get_shell_msg(timeout=30) for _ in ids]
        self.assertEqual([r["parent_header"]["msg_id"] for r in replies], ids)
        self.assertEqual([r["content"]["status"] for r in replies], ["error", "aborted", "aborted"])
        self.assertEqual(self.run_cell("1")[0]["status"], "ok")

    def test_crash(self):
        reply, _ = self.run_cell("var f func(int) int\nf = func(n int) int { return f(n+1) + 1 }\nf(0)")
        self.assertEqual(reply["ename"], "StackOverflow")
        self.assertEqual(self.run_cell("1")[0]["status"], "ok")
        self.assertTrue(self.manager.is_alive())

    def test_restart(self):
        self.run_cell("kept := 1")
        self.manager.restart_kernel(now=False)
        self.client.wait_for_ready(timeout=30)
        self.assertEqual(self.run_cell("kept")[0]["status"], "error")


class Connections(unittest.TestCase):
    """Other ways to connect than signed messages over TCP."""

    def check(self, manager):
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=30)
            self.assertEqual(client.execute_interactive("1", timeout=30)["content"]["status"], "ok")
            self.assertTrue(client.is_alive())
        finally:
            client.stop_channels()
            manager.shutdown_kernel()

    def test_ipc(self):
        with tempfile.TemporaryDirectory() as folder:
            self.check(KernelManager(kernel_name=KERNEL, transport="ipc", ip=os.path.join(folder, "k")))
            self.assertEqual(os.listdir(folder), [])

    def test_unsigned(self):
        manager = KernelManager(kernel_name=KERNEL)
        manager.session.key = b""
        self.check(manager)


class Notebook(unittest.TestCase):
    def test_progress_is_saved_as_text(self):
        """A progress bar updates in place: what is saved is its last state, in every format."""
        code = """
            import "time"
            p := display.NewProgress("work", 20)
            for range 20 { time.Sleep(20 * time.Millisecond); p.Add(1) }
            p.Done()
        """
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        nbclient.NotebookClient(notebook, kernel_name=KERNEL, timeout=60).execute()
        (output,) = notebook.cells[0].outputs
        self.assertEqual(list(output.data), ["text/plain"])
        self.assertRegex(output.data["text/plain"], r"^work  100% \|█{30}\| 20/20  .*/s  in [\d.]+m?s$")
        for exporter in [nbconvert.MarkdownExporter, nbconvert.HTMLExporter]:
            body, _ = exporter().from_notebook_node(notebook)
            self.assertEqual(body.count("20/20"), 1)

    def test_bar_of_a_fit_is_saved_as_one_line(self):
        code = """
            import ("time"; "gonmf/nmf"; "gonmf/scripts/progress")
            bar := progress.New("fit")
            for i := range 4 { time.Sleep(120 * time.Millisecond); bar.Step(nmf.Step{Iter: i + 1, MaxIter: 9, Err: 1}) }
            bar.Done()
        """
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        nbclient.NotebookClient(notebook, kernel_name=KERNEL, timeout=60).execute()
        (output,) = notebook.cells[0].outputs
        self.assertRegex(output.data["text/plain"], r"^fit: stopped after 4 of at most 9 iterations, error 1, in \d+ms$")
        body, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
        self.assertEqual(body.count("fit: "), 1)


unittest.main(verbosity=2)
