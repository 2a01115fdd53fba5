import type { Point } from "./picture";
import { round } from "./xml";

/** A path through the points with rounded corners. */
export function rounded(points: readonly Point[], radius: number, closed = false): string {
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  const count = points.length;
  const steps = points.map((point, i) => {
    const before = points[closed ? (i + count - 1) % count : i - 1];
    const after = points[closed ? (i + 1) % count : i + 1];
    if (!before || !after) {
      return i === 0 ? `M${at(point)}` : `L${at(point)}`;
    }
    const bend = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2);
    const entry = towards(point, before, bend);
    return `${i === 0 ? "M" : "L"}${at(entry)} Q${at(point)} ${at(towards(point, after, bend))}`;
  });
  return steps.join(" ") + (closed ? " Z" : "");
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) / whole) * length, y: from.y + ((to.y - from.y) / whole) * length };
}
