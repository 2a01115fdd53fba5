import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  EmulatorInstallFailed,
  PythonMissing,
  pythonEnvironment,
  VenvMissing,
} from "../../local/python-environment";

const environmentVariables = process.env;
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-python-"));
  process.env = { ...environmentVariables };
});

afterEach(() => {
  process.env = environmentVariables;
  fs.rmSync(folder, { recursive: true });
});

/** A `python3` that answers the question for its version with these lines. */
function fakePython(...lines: string[]): string {
  const file = path.join(folder, "python3");
  fs.writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")}\n`);
  fs.chmodSync(file, 0o755);
  return file;
}

test("a Python that is too old is named, with its version and what to do", async () => {
  process.env.GALLERY_PYTHON = fakePython("3.8.10", "/usr/bin/python3.8", "complete");

  const installation = pythonEnvironment(folder, () => {});

  await expect(installation).rejects.toThrow(PythonMissing);
  await expect(installation).rejects.toThrow(
    /3\.10 or newer[\s\S]*python3: 3\.8\.10, too old[\s\S]*Install one/,
  );
});

test("without any Python on the PATH the error lists what was tried", async () => {
  process.env.PATH = folder;
  delete process.env.GALLERY_PYTHON;

  const installation = pythonEnvironment(folder, () => {});

  await expect(installation).rejects.toThrow(PythonMissing);
  await expect(installation).rejects.toThrow(/python3: not found[\s\S]*python3\.12: not found/);
});

test("a Python without ensurepip leads to the package that has it", async () => {
  process.env.GALLERY_PYTHON = fakePython("3.12.3", "/usr/bin/python3.12", "without ensurepip");

  const installation = pythonEnvironment(folder, () => {});

  await expect(installation).rejects.toThrow(VenvMissing);
  await expect(installation).rejects.toThrow("apt install python3-venv");
});

test("without a network nothing half made is left, nor what a killed installation has left", async () => {
  process.env.PIP_INDEX_URL = "http://127.0.0.1:9";
  delete process.env.PIP_FIND_LINKS;
  fs.mkdirSync(path.join(folder, "venv-0123456789ab.part-1"));
  const progress = jest.fn();

  const installation = pythonEnvironment(folder, progress);

  await expect(installation).rejects.toThrow(EmulatorInstallFailed);
  await expect(installation).rejects.toThrow(/requirements\.txt once[\s\S]*PIP_INDEX_URL/);
  expect(fs.readdirSync(folder)).toEqual([]);
  expect(progress).toHaveBeenCalledWith(expect.stringContaining("Installing the emulator"));
});
