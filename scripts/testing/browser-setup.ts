// Before the browser journeys: a browser is there, and the web app is built, so that neither counts
// against the time a start may take.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWeb, isWebBuilt } from '../launch/web-build.ts'
import { needChromium } from '../services.ts'

export async function setup(): Promise<void> {
  process.env.MOTU_CHROMIUM = await needChromium()
  if (isWebBuilt()) return
  const dir = mkdtempSync(join(tmpdir(), 'motu-web-'))
  await buildWeb(join(dir, 'build.log'))
  rmSync(dir, { recursive: true })
}
