// `npm run screenshots`: every page with data in it, wide and narrow, light and dark, into
// docs/screens, and docs/screens.md that shows them. Starts a Motu of its own.

import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { withCleanup } from '../bench/cleanup.ts'
import { openBrowser, openPage, PHONE, signInAnywhere } from '../e2e/browser.ts'
import { dialogsOn, leaveDialog, openDialog } from '../e2e/dialogs.ts'
import { fillAccounts, fillBooks } from '../e2e/fill.ts'
import { MotuUnderTest } from '../e2e/motu-under-test.ts'
import { type AppPage, PAGES, SCREENS, screenshotsOf, THEMES, WAYS_IN } from '../e2e/pages.ts'
import { ROOT } from './launch/places.ts'

const DIR = join(ROOT, 'docs/screens')
const READY_MS = 300_000
/** Charts and lists have drawn what they fetched; prices keep coming, so that nothing is ever idle. */
const SETTLE_MS = 2_500
const DIALOG_SETTLE_MS = 700
const WEBP_QUALITY = 70

type Screen = (typeof SCREENS)[number]
type Theme = (typeof THEMES)[number]

async function draw(page: Page, file: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const webp = { format: 'webp', quality: WEBP_QUALITY } as const
  const { data } = await devtools.send('Page.captureScreenshot', webp)
  await devtools.detach()
  writeFileSync(join(DIR, file), Buffer.from(data, 'base64'))
}

type Place = { url: string; screen: Screen; theme: Theme }

/** One page, then what opens over it. */
async function shoot(page: Page, one: AppPage, { url, screen, theme }: Place): Promise<void> {
  const ending = `${screen.width}-${theme}.webp`
  await page.goto(url + one.path)
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
  await page.waitForTimeout(SETTLE_MS)
  await draw(page, `${one.name}-${ending}`)
  for (const dialog of dialogsOn(one.dialogs ?? [], screen.isPhone)) {
    if (!dialog.isDrawn) continue
    await openDialog(page, dialog, screen.isPhone)
    await page.waitForTimeout(DIALOG_SETTLE_MS)
    await draw(page, `${one.name}.${dialog.name}-${ending}`)
    await leaveDialog(page, dialog)
  }
}

/** All pages in one theme on one screen. */
async function tour(
  browser: Browser,
  motu: MotuUnderTest,
  { screen, theme }: { screen: Screen; theme: Theme },
): Promise<void> {
  const { width, height } = screen
  const options = {
    ...(screen.isPhone ? PHONE : {}),
    ...{ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' as const },
  }
  for (const isSignedIn of [false, true]) {
    const { page } = await openPage(browser, options)
    if (isSignedIn) await signInAnywhere(page, motu.url, motu.signIn('admin'))
    for (const one of PAGES.filter(({ name }) => isSignedIn !== WAYS_IN.includes(name))) {
      await shoot(page, one, { url: motu.url, screen, theme })
    }
    await page.context().close()
  }
}

function writeIndex(): void {
  const sections = PAGES.map((one) => {
    const pictures = screenshotsOf(one).map((file) => `![${file}](screens/${file})`)
    return [`## ${one.name}`, `\`${one.path}\``, ...pictures].join('\n\n')
  })
  const lead =
    'Every page and the most used dialogs, 1440 and 390 pixels wide, light and dark. Made by `npm run screenshots`.'
  writeFileSync(join(ROOT, 'docs/screens.md'), `${['# Screens', lead, ...sections].join('\n\n')}\n`)
}

await withCleanup(async (cleanup) => {
  const motu = await MotuUnderTest.start({ readyMs: READY_MS })
  cleanup.add(() => motu.remove())
  await Promise.all([fillAccounts(motu), fillBooks(motu, 'admin')])
  const browser = await openBrowser()
  cleanup.add(() => browser.close())
  rmSync(DIR, { recursive: true, force: true })
  mkdirSync(DIR, { recursive: true })
  for (const screen of SCREENS) {
    for (const theme of THEMES) {
      await tour(browser, motu, { screen, theme })
      console.log(`${screen.width} ${theme}`)
    }
  }
  writeIndex()
  const files = readdirSync(DIR)
  const bytes = files.reduce((sum, file) => sum + statSync(join(DIR, file)).size, 0)
  console.log(`${files.length} pictures, ${(bytes / 1_000_000).toFixed(1)} MB, in docs/screens`)
})
