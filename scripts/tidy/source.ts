// A source file as the house rules see it: its path, its text, its syntax tree, what it imports.

import { posix } from 'node:path'
import ts from 'typescript'

export type Source = {
  /** From the project's root, with slashes. */
  path: string
  text: string
  tree: ts.SourceFile
  /** Paths from the root for our own files, package names for others. */
  imports: readonly Import[]
}

export type Import = { target: string; typesOnly: boolean }

const isModuleLink = (node: ts.Node): node is ts.ImportDeclaration | ts.ExportDeclaration =>
  ts.isImportDeclaration(node) || ts.isExportDeclaration(node)

/** Reads a file's text. Of a Svelte component, the scripts are read and the markup is left out. */
export function readSource(path: string, text: string): Source {
  const code = path.endsWith('.svelte') ? scriptsOf(text) : text
  const tree = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  visit(tree, (node) => {
    if (isModuleLink(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      const target = resolveImport(path, node.moduleSpecifier.text)
      imports.push({ target, typesOnly: isTypesOnly(node) })
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [name] = node.arguments
      if (name && ts.isStringLiteral(name)) {
        imports.push({ target: resolveImport(path, name.text), typesOnly: false })
      }
    }
  })
  return { path, text, tree, imports }
}

/** Calls back for a node and everything below it. */
export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, (child) => visit(child, see))
}

export const lineOf = ({ tree }: Source, node: ts.Node): number =>
  tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1

export const countLines = (text: string): number => text.trimEnd().split('\n').length

/** A line for each tag's content, so that line numbers stay right. */
function scriptsOf(component: string): string {
  let code = component.replaceAll(/[^\n]/g, ' ')
  for (const match of component.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)) {
    const start = match.index + match[0].indexOf('>') + 1
    const script = match[1]!
    code = code.slice(0, start) + script + code.slice(start + script.length)
  }
  return code
}

function resolveImport(from: string, name: string): string {
  if (name.startsWith('.')) return posix.join(posix.dirname(from), name)
  if (name.startsWith('@motu/shared/')) return name.replace('@motu/shared/', 'shared/src/')
  if (name.startsWith('#lib/')) return name.replace('#lib/', 'web/src/lib/')
  // `drizzle-orm/pg-core` and `@hono/zod-openapi/x` are parts of their packages.
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

function isTypesOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  const clause = node.importClause
  if (!clause || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return clause !== undefined
  const names = clause.namedBindings
  const onlyTypes =
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.length > 0 &&
    names.elements.every((element) => element.isTypeOnly)
  return clause.name === undefined && onlyTypes
}
