/** Characters by their advance in thousandths of the font's size, in DejaVu Sans, which Verdana resembles. */
const advances: readonly (readonly [number, string])[] = [
  [300, "'ijl ,.IJ"],
  [400, "-/:;\\f|!()[]rt"],
  [550, '"*_`?FLcksz'],
  [650, "PTYaeovxy$0123456789EKSbdghnpqu{}"],
  [750, "ABCRVXZDHNU"],
  [850, "&GOQw#+<=>^~"],
  [1000, "%m@WM…"],
];
const advanceOf = new Map(
  advances.flatMap(([advance, text]) => [...text].map((letter) => [letter, advance])),
);

/** How much wider bold letters are. */
const boldness = 1.15;

export interface Font {
  readonly size: number;
  readonly bold?: boolean;
}

/** A text is shown at most this wide, in pixels. */
export function widthOf(text: string, { size, bold }: Font): number {
  const advance = [...text].reduce((sum, letter) => sum + (advanceOf.get(letter) ?? 1000), 0);
  return (advance / 1000) * size * (bold ? boldness : 1);
}

/** The text, or as much of its beginning as is no wider than `width` with an ellipsis. */
export function shortened(text: string, width: number, font: Font): string {
  if (widthOf(text, font) <= width) {
    return text;
  }
  const letters = [...text];
  while (letters.length > 0 && widthOf(`${letters.join("")}…`, font) > width) {
    letters.pop();
  }
  return `${letters.join("").trimEnd()}…`;
}
