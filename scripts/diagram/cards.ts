import type { ElkNode } from "elkjs/lib/elk.bundled.js";
import type { GraphEdge, GraphNode } from "./graph";
import type { GroupContent } from "./group-content";
import { metrics, type PlacedEdge, type PlacedNode, type Point } from "./picture";
import { shortened, widthOf } from "./text";

const { card, chip } = metrics;
const textInset = card.inset + card.icon + 8;
const narrowestCard = 112;
const widestText = 132;

/** Ids of the ports of a node's card. */
export const west = (id: string) => `${id} west`;
export const east = (id: string) => `${id} east`;

/** The cards of a group; those that one API invokes are equally wide. */
export function cardsOf(content: GroupContent) {
  const texts = content.nodes
    .filter(({ id }) => !content.chips.has(id))
    .map((node) => ({ node, text: textOf(node, content) }));
  return texts.map(({ node, text }) => {
    const peers = texts.filter((other) => text.api !== undefined && other.text.api === text.api);
    return cardOf(node, text, Math.max(text.width, ...peers.map((peer) => peer.text.width)));
  });
}

/** What is written on a node's card and on the chips below it, and the width that this needs. */
function textOf(node: GraphNode, { nodes, chips, incoming }: GroupContent) {
  const routes = incoming.filter(({ to, source }) => to === node.id && source.kind.labelsAtTarget);
  const title = shortened(node.label, widestText, card.title);
  const signedIn = routes.length > 0 && routes.every((edge) => edge.signedIn);
  const detail = shortened(
    routes.length > 0 ? routes.flatMap(({ labels }) => labels).join(", ") : node.kind.label,
    widestText,
    card.detail,
  );
  const below = nodes
    .filter(({ id }) => chips.get(id) === node.id)
    .map((queue) => {
      const words = shortened(queue.label, widestText, chip.font);
      return { queue, words, width: Math.ceil(chip.inset + widthOf(words, chip.font) + 8) };
    });
  const width = Math.ceil(
    Math.max(
      narrowestCard,
      textInset + widthOf(title, card.title) + 10,
      textInset + widthOf(detail, card.detail) + (signedIn ? card.lock : 0) + 10,
      ...below.map((each) => chip.indent + each.width),
    ),
  );
  return { title, detail, signedIn, below, width, api: routes[0]?.from };
}

/** A card with its chips as one shape for the layout, and how to place them once it is laid out. */
function cardOf(node: GraphNode, text: ReturnType<typeof textOf>, width: number) {
  const { title, detail, signedIn, below } = text;
  const elk: ElkNode = {
    id: node.id,
    width,
    height: card.height + below.length * (chip.gap + chip.height),
    layoutOptions: { "elk.portConstraints": "FIXED_POS" },
    ports: [
      { id: west(node.id), x: 0, y: card.height / 2, layoutOptions: { "elk.port.side": "WEST" } },
      { id: east(node.id), x: width, y: card.height / 2, layoutOptions: { "elk.port.side": "EAST" } },
    ],
  };
  const place = (laid: ReadonlyMap<string, ElkNode>): PlacedNode[] => {
    const { x = 0, y = 0 } = laid.get(node.id) ?? {};
    return [
      { shape: "card", node, title, detail, signedIn, x, y, width, height: card.height },
      ...below.map(
        (each, i): PlacedNode => ({
          shape: "chip",
          node: each.queue,
          title: each.words,
          x: x + chip.indent,
          y: y + card.height + chip.gap + i * (chip.gap + chip.height),
          width: each.width,
          height: chip.height,
        }),
      ),
    ];
  };
  return { elk, place };
}

/** From the lower left of a card down to its chip. */
export function chipEdge(edge: GraphEdge, nodes: readonly PlacedNode[]): PlacedEdge {
  const [from, to] = [edge.from, edge.to].map((id) => nodes.find(({ node }) => node.id === id));
  if (!from || !to) {
    return { edge, points: [] };
  }
  const x = from.x + chip.indent / 2;
  const y = to.y + to.height / 2;
  const points: Point[] = [
    { x, y: from.y + from.height },
    { x, y },
    { x: to.x, y },
  ];
  return { edge, points };
}
