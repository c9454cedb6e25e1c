// The texts of Motu's messages, as admins read and change them.

import { createRoute, z } from '@hono/zod-openapi'
import { TEMPLATE_KEYS, TEMPLATE_LENGTH_MAX, type TemplateKey } from '../message-template.ts'
import { access } from './access.ts'
import { instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'

/** Of a template's history at the most, the newest. */
export const TEMPLATE_VERSIONS_SHOWN_MAX = 50

const templateKey = z.enum(TEMPLATE_KEYS as [TemplateKey, ...TemplateKey[]])

/** Who changed a text, and when; null where nobody has. */
const change = {
  changed_at: instantText.nullable(),
  changed_by: z.uuid().nullable(),
  /** His user name; null where he is no longer there. */
  changed_by_username: z.string().nullable(),
}

export const messageTemplateSchema = z
  .object({
    key: templateKey,
    /** The text that counts now. */
    content: z.string(),
    default_content: z.string(),
    is_default: z.boolean(),
    /** `{name}` in the text becomes its value; `{name:,}` a number with its digits in groups. */
    placeholders: z.array(
      z.object({ name: z.string(), kind: z.enum(['text', 'krw', 'number']), sample: z.string() }),
    ),
    ...change,
  })
  .openapi('MessageTemplate')
export type MessageTemplate = z.infer<typeof messageTemplateSchema>

export const templateVersionSchema = z
  .object({
    version: z.int(),
    /** Of a version that went back to the default, the default as it is today. */
    content: z.string(),
    is_default: z.boolean(),
    ...change,
    changed_at: instantText,
  })
  .openapi('MessageTemplateVersion')
export type TemplateVersionView = z.infer<typeof templateVersionSchema>

export const messageTemplateDetailSchema = messageTemplateSchema
  .extend({ versions: z.array(templateVersionSchema) })
  .openapi('MessageTemplateDetail')
export type MessageTemplateDetail = z.infer<typeof messageTemplateDetailSchema>

export const newTemplateTextSchema = z
  .strictObject({
    /** The one in the path, once more. */
    key: z.string(),
    /** The default text goes back to the default, whatever it will be. */
    content: z
      .string()
      .overwrite((text) => text.replace(/\r\n?/g, '\n'))
      .max(TEMPLATE_LENGTH_MAX)
      .regex(/^(?:[^\p{Cc}\p{Cs}]|\n)*$/u, {
        error: 'must not hold control characters other than line breaks',
      })
      .regex(/[^\p{C}\p{Z}]/u, { error: 'must hold something that can be seen' })
      .openapi({ pattern: '[^\\p{C}\\p{Z}]', example: '🐳 {nickname} {notional:,} KRW' }),
  })
  .openapi('NewMessageTemplateText')
export type NewTemplateText = z.infer<typeof newTemplateTextSchema>

// No enum: an unknown key is an address where nothing is, not a request that is not well formed.
const keyParams = z.object({
  key: z.string().openapi({ param: { name: 'key', in: 'path' }, example: 'whale_trade' }),
})

export const listMessageTemplatesRoute = createRoute({
  method: 'get',
  path: '/api/v1/admin/templates',
  summary: "The texts of Motu's messages",
  ...access('admin'),
  responses: {
    200: jsonAnswer(z.object({ templates: z.array(messageTemplateSchema) }), 'All of them'),
    ...problemAnswers,
  },
})

export const getMessageTemplateRoute = createRoute({
  method: 'get',
  path: '/api/v1/admin/templates/{key}',
  summary: 'The text of one message, and its last fifty versions, newest first',
  ...access('admin'),
  request: { params: keyParams },
  responses: { 200: jsonAnswer(messageTemplateDetailSchema, 'It'), ...problemAnswers },
})

export const putMessageTemplateRoute = createRoute({
  method: 'put',
  path: '/api/v1/admin/templates/{key}',
  summary: 'Change the text of a message; the next one says it. The default text resets it',
  ...access('admin'),
  request: { params: keyParams, body: jsonBody(newTemplateTextSchema) },
  responses: { 200: jsonAnswer(messageTemplateDetailSchema, 'As it is now'), ...problemAnswers },
})
