import * as pulumi from "@pulumi/pulumi";
import * as ts from "typescript";

/** The serialised callback has a form that cannot become a module. */
export class UnsupportedClosure extends pulumi.RunError {}

/**
 * Turns the text of a serialised callback into an ECMAScript module, so that a bundler can leave out what the
 * callback does not use and shorten the rest:
 *
 * - `const m = require("m")` becomes `import * as m from "m"` where only members of `m` are used;
 * - `with ({ a: x }) { return f; }`, which Pulumi puts around each function for its captured variables, becomes
 *   parameters, so the code runs in strict mode as it did in its source file;
 * - `exports.handler = h` becomes `export const handler = h`.
 *
 * `nameOf` maps the path of a captured module to the name to import it by.
 */
export function toModule(text: string, nameOf: (path: string) => string): string {
  const source = ts.createSourceFile("closure.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const edits: { start: number; end: number; text: string }[] = [];
  const replace = (node: ts.Node, by: string) =>
    edits.push({ start: node.getStart(source), end: node.getEnd(), text: by });

  const usedWhole = wholeUses(source);
  const visit = (node: ts.Node): void => {
    if (ts.isVariableStatement(node) && node.parent === source) {
      const [declaration] = node.declarationList.declarations;
      const path = declaration?.initializer && requiredPath(declaration.initializer);
      if (declaration && path !== undefined && ts.isIdentifier(declaration.name)) {
        const alias = declaration.name.text;
        const name = JSON.stringify(nameOf(path));
        replace(
          node,
          usedWhole.has(alias) ? `const ${alias} = require(${name});` : `import * as ${alias} from ${name};`,
        );
        return;
      }
    }
    const path = requiredPath(node);
    if (path !== undefined) {
      replace(node, `require(${JSON.stringify(nameOf(path))})`);
      return;
    }
    if (isHandlerExport(node)) {
      replace(node.expression.left, "export const handler");
    }
    const scope = capturedScope(node);
    if (scope) {
      const { call, wrapper, statement, captured } = scope;
      const parameters = captured.map(({ name }) => name).join(", ");
      const values = captured.map(({ value }) => value).join(", ");
      const [thisArgument] = call.arguments;
      edits.push({
        start: wrapper.getStart(source),
        end: statement.statement.getStart(source),
        text: `(function(${parameters}) `,
      });
      edits.push({
        start: statement.statement.getEnd(),
        end: call.getEnd(),
        text: `).call(${thisArgument?.getText(source)}${values && `, ${values}`})`,
      });
      visit(statement.statement);
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);

  edits.sort((a, b) => b.start - a.start);
  return edits.reduce((out, { start, end, text: by }) => out.slice(0, start) + by + out.slice(end), text);
}

/** `"m"` of `require("m")` */
function requiredPath(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "require") {
    const [argument] = node.arguments;
    return argument && ts.isStringLiteral(argument) ? argument.text : undefined;
  }
  return undefined;
}

/** Names that stand anywhere but as `name.member`, where the module object itself is needed. */
function wholeUses(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
      const isObject = ts.isPropertyAccessExpression(parent) && parent.expression === node;
      const isDeclaration = ts.isVariableDeclaration(parent) && parent.name === node;
      const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
      if (!(isMember || isObject || isDeclaration || isKey)) {
        names.add(node.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

function isHandlerExport(
  node: ts.Node,
): node is ts.ExpressionStatement & { expression: ts.BinaryExpression } {
  return (
    ts.isExpressionStatement(node) &&
    ts.isBinaryExpression(node.expression) &&
    node.expression.left.getText() === "exports.handler"
  );
}

/** The parts of `(function() { with ({…}) { … } }).apply(this, arguments)`. */
function capturedScope(node: ts.Node) {
  if (
    !ts.isCallExpression(node) ||
    !ts.isPropertyAccessExpression(node.expression) ||
    node.expression.name.text !== "apply" ||
    !ts.isParenthesizedExpression(node.expression.expression)
  ) {
    return undefined;
  }
  const wrapper = node.expression.expression;
  if (!ts.isFunctionExpression(wrapper.expression)) {
    return undefined;
  }
  const [statement] = wrapper.expression.body.statements;
  if (!statement || !ts.isWithStatement(statement) || !ts.isObjectLiteralExpression(statement.expression)) {
    return undefined;
  }
  const captured = statement.expression.properties
    .filter(ts.isPropertyAssignment)
    .map((property) => ({ name: property.name.getText(), value: property.initializer.getText() }))
    .filter(({ name }) => name !== "this" && name !== "arguments");
  if (node.arguments[1]?.getText() !== "undefined") {
    throw new UnsupportedClosure(
      "an arrow function uses `arguments` of the function around it; name them by a rest parameter (...args)",
    );
  }
  return { call: node, wrapper, statement, captured };
}
