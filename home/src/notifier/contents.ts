// The texts that messages are made of, read anew for each message: from the bus, where an admin's
// change is at once, and from Postgres where the bus has none.

import { TEMPLATE_KEYS } from '@motu/shared/message-template.ts'
import type { TemplateTexts } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import { readContents, type TemplateContents } from '../db/message-templates.ts'

type Sources = { readonly sql: Sql; readonly bus: TemplateTexts }

/** The texts as they are now. Rejects while Postgres is away and the bus does not know them. */
export async function currentContents({ sql, bus }: Sources): Promise<TemplateContents> {
  const texts = await bus.readTexts(TEMPLATE_KEYS).catch(() => new Map<string, string>())
  if (TEMPLATE_KEYS.every((key) => texts.has(key))) {
    return Object.fromEntries(texts) as TemplateContents
  }
  // A text that is on the bus counts all the same: somebody may have put it there himself.
  const contents = { ...(await readContents(sql)), ...Object.fromEntries(texts) }
  await bus.writeTexts(new Map(Object.entries(contents))).catch(() => {})
  return contents as TemplateContents
}

/** Writes the rows through: what was committed while the bus was away is heard after this. */
export async function writeThrough({ sql, bus }: Sources): Promise<void> {
  await bus.writeTexts(new Map(Object.entries(await readContents(sql))))
}
