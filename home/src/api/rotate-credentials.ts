// Gives exchange credentials a new key: every box is opened with the key it names and closed with the
// new one, while home runs.

import type { Sql } from '../db/connect.ts'
import { closeBox, openBox } from './credential-box.ts'
import { type KeyRing, rotateKeyRing } from './credential-keys.ts'
import { listBoxesOfOtherKeys, listUsedKeyIds, replaceBox } from './queries/credentials.ts'

const BOXES_AT_ONCE = 100

/** Answers the id of the new key, and how many boxes it closed. */
export async function rotateCredentials(
  sql: Sql,
  file: string,
): Promise<{ keyId: string; count: number }> {
  let count = 0
  const ring = await rotateKeyRing(file, async (next) => {
    count = await closeAnew(sql, next)
    return listUsedKeyIds(sql)
  })
  return { keyId: ring.current, count }
}

/** One pass after the other, until nothing is left that another key closed. */
async function closeAnew(sql: Sql, ring: KeyRing): Promise<number> {
  let count = 0
  for (;;) {
    const boxes = await listBoxesOfOtherKeys(sql, ring.current, BOXES_AT_ONCE)
    if (boxes.length === 0) return count
    for (const kept of boxes) {
      const secrets = openBox(ring, kept.label, kept.box)
      await replaceBox(sql, kept, closeBox(ring, kept.label, secrets))
      count += 1
    }
  }
}
