import * as fc from "fast-check";
import { csv } from "../../../handlers/insights/csv";
import { isoWeek } from "../../../handlers/insights/iso-week";

/** Reads RFC 4180, by another way than it is written. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  for (let at = 0, row: string[] = []; at < text.length; ) {
    const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(text.slice(at));
    if (!match) {
      throw new Error(`not CSV at ${at}: ${text.slice(at, at + 20)}`);
    }
    const [whole, quoted, plain = "", end] = match;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    at += whole.length;
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

test("any text comes back from the file, and none begins a formula", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.integer()), { minLength: 1 }), (rows) => {
      const [head, ...read] = parse(csv(["title", "views"], rows));
      expect(head).toEqual(["title", "views"]);
      read.forEach(([title = "", views], i) => {
        const [written = "", count] = rows[i] ?? [];
        expect([written, `'${written}`]).toContain(title);
        expect(title).not.toMatch(/^[=+\-@\t\r]/);
        expect(views).toBe(String(count));
      });
      expect(read).toHaveLength(rows.length);
    }),
  );
});

test("what a spreadsheet would work out stands as text", () => {
  expect(csv(["title"], [['=HYPERLINK("http://evil","x")'], ["@SUM(1)"], ["plain"]])).toBe(
    'title\r\n"\'=HYPERLINK(""http://evil"",""x"")"\r\n\'@SUM(1)\r\nplain\r\n',
  );
});

test.each([
  ["2026-11-24T08:00:00Z", "2026-W48"],
  ["2026-11-22T23:59:59Z", "2026-W47"],
  ["2026-01-01T00:00:00Z", "2026-W01"],
  ["2027-01-03T12:00:00Z", "2026-W53"],
  ["2027-01-04T00:00:00Z", "2027-W01"],
  ["2024-12-30T00:00:00Z", "2025-W01"],
])("%s is in week %s", (time, week) => {
  expect(isoWeek(new Date(time))).toBe(week);
});
