// Paints a report: its SVG becomes a PNG, with a Korean font that comes along, whatever the machine has.

import { fileURLToPath } from 'node:url'
import type { DailyReport } from '@motu/shared/contract/reports.ts'
import type { Sql } from '../db/connect.ts'
import { readReport } from '../db/daily-reports.ts'
import { koreanDate, pictureOf } from './picture.ts'
import { dateOfEvent, describe } from './words.ts'

const FONTS = ['400Regular/NanumGothic_400Regular.ttf', '700Bold/NanumGothic_700Bold.ttf']
const fileOf = (font: string): string =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/nanum-gothic/${font}`))

/** A report's picture, and the words for it. */
type Picture = {
  fileName: string
  png: Uint8Array<ArrayBuffer>
  title: string
  description: string
}

/** What goes with the message of an event: a report's picture; null for anything else. */
export async function pictureOfEvent(sql: Sql, eventId: string): Promise<Picture | null> {
  const date = dateOfEvent(eventId)
  const report = date === null ? null : await readReport(sql, date)
  if (!report) return null
  return {
    fileName: 'report.png',
    png: await paintReport(report),
    title: koreanDate(report.date),
    description: describe(report),
  }
}

/** The picture of a report, as a PNG. Off the main thread: nobody waits for it. */
export async function paintReport(report: DailyReport): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded with the first picture: who never paints one does without its binary.
  const { renderAsync } = await import('@resvg/resvg-js')
  const image = await renderAsync(pictureOf(report), {
    // The machine's own fonts are left out: the picture is the same everywhere.
    font: {
      fontFiles: FONTS.map(fileOf),
      loadSystemFonts: false,
      defaultFontFamily: 'NanumGothic',
    },
  })
  return new Uint8Array(image.asPng())
}
