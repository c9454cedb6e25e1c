// Rotations of a key file run one at a time: two at once would each drop the other's key.

import { open, unlink } from 'node:fs/promises'

/** Runs `work` while no other rotation of this file does; throws when one does already. */
export async function rotatingAlone<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`
  try {
    await (await open(lock, 'wx', 0o600)).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(`Another rotation runs. If none does, remove ${lock}.`, { cause: error })
  }
  try {
    return await work()
  } finally {
    await unlink(lock)
  }
}
