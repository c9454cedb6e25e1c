// The texts of messages as admins see them: what counts now, who changed it, and what it was before.

import {
  type MessageTemplate,
  type MessageTemplateDetail,
  TEMPLATE_VERSIONS_SHOWN_MAX,
  type TemplateVersionView,
} from '@motu/shared/contract/message-templates.ts'
import {
  placeholdersOf,
  TEMPLATE_KEYS,
  TEMPLATES,
  type TemplateKey,
} from '@motu/shared/message-template.ts'
import type { Sql, Transaction } from '../../db/connect.ts'

type Row = {
  key: string
  version: bigint
  content: string | null
  changed_at: Date
  changed_by: string
  username: string | null
}

/** Every template, in the order of its keys. */
export async function listTemplates(sql: Sql): Promise<MessageTemplate[]> {
  const rows = await sql<Row[]>`
    SELECT DISTINCT ON (t.key) t.key, t.version, t.content, t.changed_at, t.changed_by, u.username
    FROM message_templates t LEFT JOIN users u ON u.id = t.changed_by
    ORDER BY t.key, t.version DESC`
  const last = new Map(rows.map((row) => [row.key, row]))
  return TEMPLATE_KEYS.map((key) => viewOf(key, last.get(key)))
}

/** One template with its newest versions. */
export async function readTemplate(
  sql: Sql | Transaction,
  key: TemplateKey,
): Promise<MessageTemplateDetail> {
  const rows = await sql<Row[]>`
    SELECT t.key, t.version, t.content, t.changed_at, t.changed_by, u.username
    FROM message_templates t LEFT JOIN users u ON u.id = t.changed_by
    WHERE t.key = ${key} ORDER BY t.version DESC LIMIT ${TEMPLATE_VERSIONS_SHOWN_MAX}`
  return { ...viewOf(key, rows[0]), versions: rows.map((row) => versionOf(key, row)) }
}

function viewOf(key: TemplateKey, row: Row | undefined): MessageTemplate {
  const { content: default_content } = TEMPLATES[key]
  return {
    key,
    content: row?.content ?? default_content,
    default_content,
    is_default: (row?.content ?? null) === null,
    placeholders: placeholdersOf(key).map((one) => ({ ...one })),
    changed_at: row?.changed_at.toISOString() ?? null,
    changed_by: row?.changed_by ?? null,
    changed_by_username: row?.username ?? null,
  }
}

function versionOf(key: TemplateKey, row: Row): TemplateVersionView {
  return {
    version: Number(row.version),
    content: row.content ?? TEMPLATES[key].content,
    is_default: row.content === null,
    changed_at: row.changed_at.toISOString(),
    changed_by: row.changed_by,
    changed_by_username: row.username,
  }
}
