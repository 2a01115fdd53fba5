import * as fs from "node:fs";

const preamble = `# Measurements

\`npm run bench\` measures all of this, \`npm run bench -- <name> …\` some of it. A figure is the median of its runs,
with the least and the greatest in brackets. A peer is measured in the same run, by turns where it is timed.
`;

/** Puts sections into the file, each in the place of the earlier one of the same title. */
export function writeResults(file: string, sections: readonly string[]): void {
  const earlier = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  const byTitle = new Map(
    [...earlier.split(/^(?=## )/m).slice(1), ...sections].map((text) => [text.split("\n")[0], text.trim()]),
  );
  fs.writeFileSync(file, [preamble.trim(), ...byTitle.values(), ""].join("\n\n").trimEnd().concat("\n"));
}
