/** A statement as PostgreSQL's protocol takes it: with `$1` where the first of the names stood, whatever their number. */
export interface Positional {
  readonly text: string;
  /** Each name once, in the order of the numbers. */
  readonly names: readonly string[];
}

/** What may hold a colon that begins no name: quotes, comments but those within comments, casts. */
const verbatim =
  /(?<![\w$])[eE]'(?:[^'\\]|\\.|'')*'|'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|--[^\r\n]*|(?<![\w$])(\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$).*?\1|::/suy;

/** After a name, a number or a bracket, a colon is that of a slice: `list[1:2]`. */
const placeholder = /(?<![\p{L}\p{N}_)\]]):([\p{L}\p{N}_]+)/uy;

const plain = /[^'"\-/$:eE]+/y;

/** Finds the named parameters of a statement, such as `:id`. */
export function positional(sql: string): Positional {
  const numbers = new Map<string, number>();
  let text = "";
  for (let at = 0; at < sql.length; ) {
    const skipped = match(plain, sql, at) ?? match(verbatim, sql, at) ?? comment(sql, at);
    if (skipped) {
      text += skipped;
      at += skipped.length;
      continue;
    }
    const named = match(placeholder, sql, at);
    if (named) {
      const name = named.slice(1);
      const number = numbers.get(name) ?? numbers.size + 1;
      numbers.set(name, number);
      text += `$${number}`;
      at += named.length;
      continue;
    }
    text += sql[at];
    at += 1;
  }
  return { text, names: [...numbers.keys()] };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A comment in slashes, which may hold others; without its end, all that follows. */
function comment(sql: string, start: number): string | undefined {
  if (!sql.startsWith("/*", start)) {
    return undefined;
  }
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(sql); found; found = mark.exec(sql)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) {
      return sql.slice(start, mark.lastIndex);
    }
  }
  return sql.slice(start);
}
