// The texts of messages, for admins: a change is a row first, then on the bus, where the next message
// is made from it.

import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  getMessageTemplateRoute,
  listMessageTemplatesRoute,
  type MessageTemplateDetail,
  putMessageTemplateRoute,
} from '@motu/shared/contract/message-templates.ts'
import { isTemplateKey, TEMPLATES, type TemplateKey } from '@motu/shared/message-template.ts'
import { DomainError } from '@motu/shared/problem.ts'
import { addVersion, holdTemplate } from '../../db/message-templates.ts'
import type { ApiParts } from '../api.ts'
import { type Actor, actorOf, audit } from '../audit.ts'
import type { ApiEnv } from '../env.ts'
import { invalidRequest } from '../problem.ts'
import { listTemplates, readTemplate } from '../queries/message-templates.ts'

export function addMessageTemplateRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql } = parts

  app.openapi(listMessageTemplatesRoute, async (c) => {
    return c.json({ templates: await listTemplates(sql) }, 200)
  })

  app.openapi(getMessageTemplateRoute, async (c) => {
    return c.json(await readTemplate(sql, keyOf(c.req.valid('param'))), 200)
  })

  app.openapi(putMessageTemplateRoute, async (c) => {
    const key = keyOf(c.req.valid('param'))
    const said = c.req.valid('json')
    if (said.key !== key) {
      throw invalidRequest([{ path: ['key'], message: `must be ${key}, as in the path` }])
    }
    const content = said.content === TEMPLATES[key].content ? null : said.content
    const changedBy = c.get('principal').userId
    await change(parts, { key, content, changedBy, actor: actorOf(c) })
    return c.json(await writeThrough(parts, key), 200)
  })
}

function keyOf({ key }: { key: string }): TemplateKey {
  if (isTemplateKey(key)) return key
  const detail = 'No message has this key. GET /api/v1/admin/templates lists all.'
  throw new DomainError('not-found', { detail })
}

type Change = { key: TemplateKey; content: string | null; changedBy: string; actor: Actor }

/** Adds a version; what says the same as the last one is a repeat, and none. */
async function change({ sql, now }: ApiParts, { actor, ...said }: Change): Promise<void> {
  await sql.begin(async (tx) => {
    await holdTemplate(tx, said.key)
    const { content, is_default } = await readTemplate(tx, said.key)
    if ((is_default ? null : content) === said.content) return
    const nowMs = now()
    const { key, version } = await addVersion(tx, { ...said, nowMs })
    const detail = { key, version: Number(version), is_default: said.content === null }
    const target = `template:${key}`
    await audit(tx, { action: 'message_template_changed', ...actor, target, detail }, nowMs)
  })
}

/**
 * Puts what is committed on the bus, one change of a template after the other: else the earlier of two
 * could be written last. Without the bus the notifier writes it within a minute of its return.
 */
function writeThrough(
  { sql, bus, log }: ApiParts,
  key: TemplateKey,
): Promise<MessageTemplateDetail> {
  return sql.begin(async (tx) => {
    await holdTemplate(tx, key)
    const template = await readTemplate(tx, key)
    await bus.writeTexts(new Map([[key, template.content]])).catch((error: unknown) => {
      log.warn({ err: error, template: key }, 'a changed text is not on the bus yet')
    })
    return template
  })
}
