import { type ESTree, parseSync, Visitor } from 'vite';

export interface FoundImport {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * Every module that a TypeScript source names: `import`, `export … from`, `import type`, `import('…')` as value and
 * as type, and a worker: `startWorker(new URL('…', import.meta.url))`, `new Worker(…)` likewise.
 * @throws SyntaxError when the source does not parse
 */
export function findImports(file: string, source: string): readonly FoundImport[] {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const found: FoundImport[] = [];
  const add = (node: Node | null | undefined) => {
    if (node?.type !== 'Literal' || typeof node.value !== 'string') return;
    found.push({ specifier: node.value, line: source.slice(0, node.start).split('\n').length });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
    TSExternalModuleReference: (node) => add(node.expression),
    CallExpression: ({ callee, arguments: [url] }) => {
      if (callee.type === 'Identifier' && callee.name === 'startWorker') add(pathOf(url));
    },
    NewExpression: ({ callee, arguments: [url] }) => {
      if (callee.type === 'Identifier' && callee.name === 'Worker') add(pathOf(url));
    },
  }).visit(program);
  return found.sort((a, b) => a.line - b.line);
}

/** The path in `new URL(path, import.meta.url)`. */
function pathOf(url: ESTree.Argument | undefined): Node | undefined {
  const isUrl =
    url?.type === 'NewExpression' && url.callee.type === 'Identifier' && url.callee.name === 'URL';
  return isUrl ? url.arguments[0] : undefined;
}

type Node = { readonly type: string; readonly value?: unknown; readonly start: number };
