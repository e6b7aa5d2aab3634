"""Uses a notebook in JupyterLab as people do, in a browser without a window.

usage: browser.py CHROMIUM NOTEBOOK PICTURES

JupyterLab is started for it, in the folder of the notebook, and ended again.
Each step prints a line of JSON: its name, the error (empty if there is none)
and the seconds it took. A step that fails is the last. Pictures of what there
was to see are written into the folder PICTURES. Everything ends when standard
input does, so that nothing outlives a test that was killed.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

PATIENCE = 60_000  # ms to wait for anything, on a slow machine

OWN, GOPHERNOTES = "Go (gonmf)", "Go (gophernotes + gonmf)"

OUTPUT = ".jp-OutputArea-output"
ERRORS = f'{OUTPUT}[data-mime-type$=".stderr"], {OUTPUT}[data-mime-type$=".error"]'

# The lowest contrast of text with what is behind it, as WCAG has it. Opacity
# is that of the text and of all that it is in.
CONTRAST = """texts => Math.min(...texts.map(text => {
  const parse = color => color.match(/[\\d.]+/g).map(Number);
  const luminance = color => {
    const [r, g, b] = color.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  let behind, opacity = 1;
  for (let e = text; e; e = e.parentElement) {
    const style = getComputedStyle(e), color = parse(style.backgroundColor);
    opacity *= style.opacity;
    if (!behind && (color[3] ?? 1) === 1) behind = color.slice(0, 3);
  }
  const front = parse(getComputedStyle(text).color);
  opacity *= front[3] ?? 1;
  const [dark, light] = [luminance(behind), luminance(behind.map((v, i) => v + opacity * (front[i] - v)))].sort((a, b) => a - b);
  return (light + .05) / (dark + .05);
}))"""


class Notebook:
    """The notebook that is open in a page of JupyterLab."""

    def __init__(self, page, address, file, pictures):
        self.page, self.pictures = page, pictures
        self.elsewhere = []  # what the page asked others than JupyterLab for
        page.on("request", lambda r: r.url.startswith((address, "data:", "blob:")) or self.elsewhere.append(r.url))
        page.goto(address + "lab/tree/" + file.name)
        self.panel = page.locator(".jp-NotebookPanel")
        self.code = self.panel.locator(".jp-CodeCell")
        cells = json.loads(file.read_text())["cells"]
        self.saved = sum(cell["cell_type"] == "code" for cell in cells)

    def menu(self, title, *entries):
        self.page.locator(".lm-MenuBar-item").get_by_text(title, exact=True).click()
        for entry in entries:
            self.page.locator(".lm-Menu-item:visible").get_by_text(entry, exact=True).click()

    def toolbar(self, command):
        self.panel.locator(f'[data-command="notebook:{command}"]').click()

    def accept(self):
        """Says yes to a dialog."""
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)

    def picture(self, name, what=None):
        """Takes a picture of what, or of the whole page."""
        (what or self.page).screenshot(path=self.pictures / f"{name}.png")

    def expect_idle(self, kernel):
        """Waits until the kernel of this name has nothing to do."""
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text(f"{kernel} | Idle")

    def expect_ran(self, cell, count=r"\d+"):
        expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(rf"^\[{count}\]:$"))

    def run_all(self, kernel):
        """Runs the notebook as it is in its file, and sees that all went well."""
        expect(self.code).to_have_count(self.saved)
        # What is seen from here on was not saved with the notebook.
        self.menu("Edit", "Clear Outputs of All Cells")
        expect(self.panel.locator(OUTPUT)).to_have_count(0)
        self.menu("Run", "Run All Cells")
        for i in range(self.saved):
            self.expect_ran(self.code.nth(i), i + 1)
        self.expect_idle(kernel)
        bad = self.panel.locator(ERRORS).all_text_contents()
        assert not bad, f"on standard error, or failed: {bad}"

    def type(self, source):
        """Types into a new cell below the last one and returns that cell."""
        count = self.code.count()
        self.panel.locator(".jp-Notebook-cell").last.locator(".jp-InputPrompt").click()
        self.page.keyboard.press("b")
        expect(self.code).to_have_count(count + 1)
        self.page.keyboard.press("Enter")
        cell = self.code.last
        expect(cell.locator(".cm-content")).to_be_focused()
        self.page.keyboard.insert_text(source)
        return cell

    def run(self, source, count=r"\d+"):
        """Runs source in a new cell and returns the cell once it has ended."""
        cell = self.type(source)
        self.page.keyboard.press("Control+Enter")
        self.expect_ran(cell, count)
        return cell

    def table(self):
        """Brings the first table of the notebook into view and returns it."""
        table = self.panel.locator(f'{OUTPUT}[data-mime-type="text/html"] table').first
        table.scroll_into_view_if_needed()
        return table

    def expect_contrast(self, table):
        """Sees that cells can be read well, and small print at all."""
        for what, least in (("td", 7), ("th, span", 3)):
            contrast = table.locator(what).evaluate_all(CONTRAST)
            assert contrast >= least, f"{what} has a contrast of {contrast}"


def runs(nb):
    nb.expect_idle(OWN)
    nb.run_all(OWN)
    nb.picture("ran")


def shows_a_table(nb):
    table = nb.table()
    rows = [row.locator("td").all_text_contents() for row in table.locator("tbody tr").all()]
    assert rows and all(len(row) == 3 and row[2].isdigit() for row in rows), f"rows are {rows}"
    nb.expect_contrast(table)
    nb.picture("table", nb.code.nth(1))


def draws_a_chart(nb):
    output = nb.panel.locator(f'{OUTPUT}[data-mime-type="image/svg+xml"]').first
    output.scroll_into_view_if_needed()
    chart = output.locator("img")
    assert chart.evaluate("img => img.decode().then(() => img.naturalWidth)") > 300
    nb.picture("chart", output)


def keeps_one_line_of_progress(nb):
    cell = nb.code.filter(has_text="progress.New(")
    output = cell.locator(OUTPUT).filter(has_text="fit: ")
    expect(output).to_have_count(1)
    line = output.text_content().strip()
    assert re.fullmatch(r"fit: converged after \d+ of at most 200 iterations, error \S+(, in \S+)?", line), f"the line is {line!r}"
    nb.picture("progress", cell)


def is_readable_in_the_dark(nb):
    nb.menu("Settings", "Theme", "JupyterLab Dark")
    expect(nb.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    nb.expect_contrast(nb.table())
    for name, part in (("table", "ReadCSV("), ("interactions", "NewInteractions("), ("fit", "progress.New("), ("chart", "Convergence(")):
        nb.picture(f"dark-{name}", nb.code.filter(has_text=part))
    nb.menu("Settings", "Theme", "JupyterLab Light")
    expect(nb.page.locator("body")).to_have_attribute("data-jp-theme-light", "true")


def completes(nb):
    for source, name in (("table.", "Nrow"), ("nmf.", "Fit"), ("model.Trans", "Transform")):
        cell = nb.type(source)
        nb.page.keyboard.press("Tab")
        expect(nb.page.locator(".jp-Completer-match").get_by_text(name, exact=True)).to_be_attached()
        nb.picture(f"complete-{name}")
        nb.page.keyboard.press("Enter" if name == "Transform" else "Escape")
    expect(cell.locator(".cm-content")).to_have_text("model.Transform")


def completes_what_is_not_imported(nb):
    cell = nb.type("utf8.RuneCountInS")
    nb.page.keyboard.press("Tab")
    expect(nb.page.locator(".jp-Completer-match").get_by_text("utf8.RuneCountInString")).to_be_visible()
    nb.picture("complete-import")
    nb.page.keyboard.press("Enter")
    expect(cell.locator(".cm-line")).to_have_text(['import "unicode/utf8"', "utf8.RuneCountInString"])


def asks(nb):
    for question, kind in (("var answer string\nfmt.Scanln(&answer)\nanswer", "text"),
                           ("import \"golang.org/x/term\"\nsecret, err := term.ReadPassword(int(os.Stdin.Fd()))\nstring(secret)", "password")):
        cell = nb.type('import ("fmt"; "os")\nfmt.Print("Who? ")\n' + question)
        nb.page.keyboard.press("Control+Enter")
        box = cell.locator("input.jp-Stdin-input")
        expect(box).to_have_js_property("type", kind)
        expect(cell.locator(OUTPUT).first).to_have_text(re.compile("Who?"))
        box.fill("Zoë")
        nb.picture(f"asked-{kind}", cell)
        box.press("Enter")
        nb.expect_ran(cell)
        expect(cell.locator(OUTPUT).last).to_have_text("Zoë")
        nb.page.keyboard.press("Escape")


def explains(nb):
    nb.type("nmf.Fit")
    nb.page.keyboard.press("Shift+Tab")
    tip = nb.page.locator(".jp-Tooltip")
    expect(tip).to_contain_text("func Fit(ctx context.Context, x mat.Matrix, cfg Config) (*Model, error)")
    expect(tip).to_contain_text("Fit finds W (n x k) and H (k x m)")
    nb.picture("explained")
    nb.page.keyboard.press("Escape")


def restarts(nb):
    nb.toolbar("restart-kernel")
    nb.accept()
    cell = nb.run("model", 1)
    expect(cell.locator(OUTPUT)).to_contain_text("undefined: model")
    nb.picture("restarted", cell)


def stops(nb):
    nb.run("""import ("fmt"; "gonmf/nmf"; "gonmf/scripts/progress"; "gonum.org/v1/gonum/mat")
x := mat.NewDense(60, 40, nil)
x.Apply(func(i, j int, _ float64) float64 { return float64((i*40 + j) * 7919 % 1000) }, x)
model, err := nmf.Fit(ctx, x, nmf.Config{Components: 1})""")
    # A fit that takes hours if nobody stops it.
    cell = nb.type("""bar := progress.New("long")
model, err = nmf.Fit(ctx, x, nmf.Config{Components: 5, MaxIter: 1e9, Tol: -1, Progress: bar.Step})
bar.Done()""")
    nb.page.keyboard.press("Control+Enter")
    expect(cell.locator(OUTPUT)).to_contain_text("long: error")
    expect(cell.locator(".jp-InputPrompt")).to_have_text("[*]:")
    nb.picture("running", cell)
    nb.toolbar("interrupt-kernel")
    nb.expect_ran(cell)
    expect(cell.locator(ERRORS)).to_contain_text("interrupted")
    expect(cell.locator(OUTPUT).first).to_contain_text("long: stopped after")
    nb.picture("stopped", cell)
    after = nb.run("fmt.Println(model.W.Dims())\nfmt.Println(model.Iter > 1, err)")
    expect(after.locator(OUTPUT)).to_have_text(re.compile(r"^60 5\ntrue nmf: fit stopped after \d+ iterations"))
    nb.picture("after", after)


def runs_under_gophernotes(nb):
    nb.menu("File", "Reload Notebook from Disk")
    nb.accept()
    nb.menu("Kernel", "Change Kernel…")
    nb.page.locator(".jp-Dialog select").select_option(label=GOPHERNOTES)
    nb.accept()
    try:
        nb.expect_idle(GOPHERNOTES)
    except AssertionError:
        # On a busy machine gophernotes can say that it is there before anybody
        # listens, and then is "Unknown" for good: people start it again.
        nb.toolbar("restart-kernel")
        nb.accept()
        nb.expect_idle(GOPHERNOTES)
    nb.run_all(GOPHERNOTES)
    nb.picture("gophernotes")


def asks_nobody_else(nb):
    assert not nb.elsewhere, f"the page wanted {nb.elsewhere}"


STEPS = [runs, shows_a_table, draws_a_chart, keeps_one_line_of_progress, is_readable_in_the_dark, completes,
         completes_what_is_not_imported, asks, explains, restarts, stops, runs_under_gophernotes, asks_nobody_else]


@contextmanager
def jupyterlab(folder):
    """Runs JupyterLab and gives its address."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0",
               "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def give_up():
        sys.stdin.read()
        server.terminate()
        server.wait()
        os._exit(1)

    threading.Thread(target=give_up, daemon=True).start()
    log = []
    try:
        for line in server.stderr:
            log.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                break
        else:
            raise RuntimeError("JupyterLab does not start:\n" + "".join(log))
        threading.Thread(target=log.extend, args=[server.stderr], daemon=True).start()
        yield found[0]
    finally:
        server.terminate()
        server.wait()


def take(step, nb):
    """Takes a step and says whether it went well."""
    start, error = time.monotonic(), ""
    try:
        step(nb)
    except Exception as e:
        # Playwright goes on to describe the whole page.
        error = f"{type(e).__name__}: {e}".partition("\n\nAria snapshot:")[0]
        nb.picture("failed")
    print(json.dumps({"name": step.__name__.replace("_", " "), "error": error, "seconds": time.monotonic() - start}), flush=True)
    return not error


def main(chromium, notebook, pictures):
    notebook, pictures = Path(notebook), Path(pictures)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    expect.set_options(timeout=PATIENCE)
    with jupyterlab(notebook.parent) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE)
        nb = Notebook(page, address, notebook, pictures)
        all(take(step, nb) for step in STEPS)
        browser.close()


main(*sys.argv[1:])
