// The OpenAPI document as the edge serves it, and whether an answer is one that it promises. What it
// does not name is not promised: a field too many is as wrong as one that is missing.

import { z } from 'zod'
import { type PublicRoute } from '@motu/shared/contract/routes.ts'
import { PROBLEM_CONTENT_TYPE, PROBLEMS } from '@motu/shared/problem.ts'
import type { Answer } from './http-client.ts'

/** JSON Schema, as far as the contract uses it. */
export type Schema = {
  $ref?: string
  allOf?: Schema[]
  anyOf?: Schema[]
  /** Told apart by a field; for what is sent that is one of any. */
  oneOf?: Schema[]
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  prefixItems?: Schema[]
  enum?: unknown[]
  const?: unknown
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  example?: unknown
}
type Content = Record<string, { schema: Schema }>
export type Parameter = { name: string; in: 'path' | 'query' | 'header'; schema: Schema }
export type Operation = {
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export class ServedDocument {
  readonly #document: Document
  readonly #parsers = new Map<Schema, z.ZodType>()

  constructor(text: string) {
    this.#document = JSON.parse(text) as Document
  }

  operation({ method, path }: PublicRoute): Operation {
    const operation = this.#document.paths[path]?.[method]
    if (!operation) throw new Error(`the document does not know ${method} ${path}`)
    return operation
  }

  /** A schema with everything it refers to in its place. */
  whole(schema: Schema): Schema {
    if (schema.oneOf) return this.whole({ anyOf: schema.oneOf })
    const { $ref, allOf, ...rest } = schema
    if ($ref) return this.whole(this.#named($ref))
    const merged = (allOf ?? []).map((part) => this.whole(part)).reduce(merge, rest)
    const inside = (part: Schema): Schema => this.whole(part)
    return {
      ...merged,
      ...(merged.properties ? { properties: mapValues(merged.properties, inside) } : {}),
      ...(merged.items ? { items: inside(merged.items) } : {}),
      ...(merged.anyOf ? { anyOf: merged.anyOf.map(inside) } : {}),
      ...(merged.prefixItems ? { prefixItems: merged.prefixItems.map(inside) } : {}),
    }
  }

  /** Every schema that stands anywhere in the document. */
  *schemas(value: unknown = this.#document): Generator<Schema> {
    if (typeof value !== 'object' || value === null) return
    if ('type' in value || 'enum' in value || 'pattern' in value) yield value as Schema
    for (const part of Object.values(value)) yield* this.schemas(part)
  }

  /** What is wrong with an answer of a route; null for one that the document promises. */
  complaint(route: PublicRoute, answer: Answer): string | null {
    const { responses } = this.operation(route)
    const own = responses[String(answer.status)]
    const promised = own ?? responses.default
    if (!promised) return `the status ${answer.status} is not documented`
    if (!own && answer.status < 400) return `the status ${answer.status} is no problem`
    const type = answer.headers['content-type']?.split(';')[0]
    if (!promised.content) return answer.text === '' ? null : 'a body where there is none'
    const schema = promised.content[type ?? '']?.schema
    if (!schema) return `${type} is not among ${Object.keys(promised.content).join()}`
    const misfit = this.#misfit(schema, answer.text)
    return misfit ?? (type === PROBLEM_CONTENT_TYPE ? wrongProblem(answer) : null)
  }

  /** As `complaint`, where no route is behind: the answer has to be a problem. */
  complaintOfNone(answer: Answer): string | null {
    const type = answer.headers['content-type']?.split(';')[0]
    if (type !== PROBLEM_CONTENT_TYPE) return `${type} instead of a problem`
    return (
      this.#misfit({ $ref: '#/components/schemas/Problem' }, answer.text) ?? wrongProblem(answer)
    )
  }

  #misfit(schema: Schema, text: string): string | null {
    let parser = this.#parsers.get(schema)
    if (!parser) {
      const closed = close(this.whole(schema)) as Parameters<typeof z.fromJSONSchema>[0]
      parser = z.fromJSONSchema(closed)
      this.#parsers.set(schema, parser)
    }
    const parsed = parser.safeParse(jsonOf(text))
    return parsed.success ? null : `does not fit its schema: ${z.prettifyError(parsed.error)}`
  }

  #named(ref: string): Schema {
    const schema = this.#document.components.schemas[ref.split('/').at(-1)!]
    if (!schema) throw new Error(`the document has no ${ref}`)
    return schema
  }
}

/** A problem is one of the table, with its status and its title. */
function wrongProblem({ status, text }: Answer): string | null {
  const problem = JSON.parse(text) as { type: string; title: string; status: number }
  const code = problem.type.split('/').at(-1)!
  const known = Object.entries(PROBLEMS).find(([one]) => one === code)?.[1]
  if (!known) return `${code} is no problem of ours`
  if (problem.title !== known.title) return `${code} is not called ${problem.title}`
  if (problem.status === status && known.status === status) return null
  return `${code} is ${known.status}, its body says ${problem.status}, its answer ${status}`
}

function merge(a: Schema, b: Schema): Schema {
  const required = [...(a.required ?? []), ...(b.required ?? [])]
  return { ...a, ...b, properties: { ...a.properties, ...b.properties }, required }
}

/** The schema, without room for what it does not name. */
function close(schema: Schema): Schema {
  const { properties, items, anyOf, prefixItems } = schema
  return {
    ...schema,
    ...(properties
      ? {
          properties: mapValues(properties, close),
          additionalProperties: schema.additionalProperties ?? false,
        }
      : {}),
    ...(items ? { items: close(items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(close) } : {}),
    ...(prefixItems ? { prefixItems: prefixItems.map(close) } : {}),
  }
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What is no JSON fits no schema.
    return undefined
  }
}
