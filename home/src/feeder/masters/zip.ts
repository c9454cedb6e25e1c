// The one file inside a zip, as the master files are published. Nothing else of the format: no
// encryption, no zip64, no several files.

import { inflateRawSync } from 'node:zlib'
import { UnreadableMaster } from './master.ts'

/** The largest master is 2 MB. */
const FILE_BYTES_MAX = 32 * 1024 * 1024
const LOCAL_FILE = 0x04034b50
const CENTRAL_FILE = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50
const END_BYTES = 22
const STORED = 0
const DEFLATED = 8

/** The bytes of the file inside; what is no zip is answered as it is. */
export function unzipped(bytes: Buffer): Buffer {
  if (bytes.length < END_BYTES || bytes.readUInt32LE(0) !== LOCAL_FILE) return bytes
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || bytes.readUInt32LE(end) !== END_OF_DIRECTORY) throw broken()
  if (bytes.readUInt16LE(end + 10) !== 1) throw new UnreadableMaster('the zip must hold one file')
  const entry = bytes.readUInt32LE(end + 16)
  if (entry + 46 > bytes.length || bytes.readUInt32LE(entry) !== CENTRAL_FILE) throw broken()
  const method = bytes.readUInt16LE(entry + 10)
  const size = bytes.readUInt32LE(entry + 20)
  const local = bytes.readUInt32LE(entry + 42)
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  const data = bytes.subarray(start, start + size)
  if (method === STORED) return data
  if (method !== DEFLATED) throw broken()
  try {
    return inflateRawSync(data, { maxOutputLength: FILE_BYTES_MAX })
  } catch (error) {
    throw new UnreadableMaster('the zip is broken', { cause: error })
  }
}

function broken(): UnreadableMaster {
  return new UnreadableMaster('the zip is broken')
}
