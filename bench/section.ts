/** What one measurement found: a section of the results. */
export interface Section {
  readonly title: string;
  /** How it was measured. */
  readonly method: string;
  readonly rows: readonly Row[];
}

/** One figure, with what it is held against. */
export interface Row {
  readonly figure: string;
  readonly measured: string;
  /** The same figure of what people use otherwise. */
  readonly peer?: string;
  readonly target?: Target;
}

export interface Target {
  readonly text: string;
  readonly isMet: boolean;
}

/** The section as Markdown; `circumstances` tells where and when it was measured. */
export function render({ title, method, rows }: Section, circumstances: string): string {
  const table = [
    ["", "measured", "peer", "target", "met"],
    ["---", "---", "---", "---", "---"],
    ...rows.map(({ figure, measured, peer = "", target }) => [
      figure,
      measured,
      peer,
      target?.text ?? "",
      target === undefined ? "" : target.isMet ? "yes" : "**no**",
    ]),
  ];
  const lines = table.map((cells) => `| ${cells.join(" | ")} |`);
  return `## ${title}\n\n${method}\n\n${lines.join("\n")}\n\n${circumstances}\n`;
}
