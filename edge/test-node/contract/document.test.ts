// What the document says of values is true of values: clients and tools make theirs from it.

import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openApiText } from '../../src/openapi.ts'
import { ServedDocument } from './served-document.ts'

const schemas = [...new ServedDocument(openApiText('a test')).schemas()]

describe('a schema of the document', () => {
  const patterns = [...new Set(schemas.flatMap(({ pattern }) => pattern ?? []))]
  const examples = schemas.filter(({ example }) => example !== undefined)

  it.each(patterns)('spells its pattern as JSON Schema does: %s', (pattern) => {
    expect(() => new RegExp(pattern, 'u')).not.toThrow()
    // What follows the closing slash in JavaScript are flags; here it would have to be in the text.
    expect(pattern).not.toMatch(/\$\/\w*$/)
  })

  it('is fitted by its own example', () => {
    expect(examples.length).toBeGreaterThan(10)
    for (const schema of examples) {
      const parser = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
      expect(parser.safeParse(schema.example).success, JSON.stringify(schema)).toBe(true)
    }
  })
})
