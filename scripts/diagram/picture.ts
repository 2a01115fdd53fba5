import type { GraphEdge, GraphGroup, GraphNode } from "./graph";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** In pixels, from the upper left corner of the picture. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** `card`: icon and two lines; `chip`: one line below the card whose failures it takes; `rail`: around all groups. */
export type PlacedNode = Box & {
  readonly node: GraphNode;
  readonly title: string;
} & (
    | { readonly shape: "card"; readonly detail: string; readonly signedIn: boolean }
    | { readonly shape: "chip" }
    | { readonly shape: "rail"; readonly rail: Rail }
  );

/** A band down the left, along the bottom and up the right side of all groups. */
export interface Rail {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly thickness: number;
}

export interface PlacedLabel extends Box {
  readonly lines: readonly string[];
}

export interface PlacedEdge {
  readonly edge: GraphEdge;
  /** Corners from the edge's beginning to its end; right-angled. */
  readonly points: readonly Point[];
  readonly label?: PlacedLabel;
}

export interface PlacedGroup extends Box {
  readonly group: GraphGroup;
}

/** Where everything of a graph is drawn. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly groups: readonly PlacedGroup[];
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Sizes that layout and drawing must agree on, in pixels. */
export const metrics = {
  width: 1000,
  margin: 20,
  header: 66,
  legend: 40,
  groupGap: 18,
  groupTitle: 34,
  groupPadding: 14,
  card: { height: 44, icon: 26, inset: 9, lock: 14, title: { size: 12, bold: true }, detail: { size: 10 } },
  chip: { height: 20, gap: 10, indent: 22, inset: 24, font: { size: 10 } },
  label: { line: 12, padding: 4, font: { size: 10 } },
  rail: { thickness: 26, gap: 6, font: { size: 12, bold: true } },
  /** Between a rail and the groups, and between two lines there. */
  gutter: 24,
  track: 10,
} as const;
