// What opens over a page: how to come to it by the keyboard, and whose it is. Read by the search for
// barriers, by the screenshots, and by `scripts/page-gate.test.ts`, which counts them.

import type { Page } from 'playwright-core'

/** Presses Enter on what a selector finds; types into it; or waits for it. */
export type Step = string | { into: string; text: string } | { see: string }

export type AppDialog = {
  name: string
  /** Under `web/src`: the file that has the dialog. One that has several is named as often. */
  file: string
  /** The last step opens it. */
  steps: readonly Step[]
  /** Pressed first on a phone, which shows one part of the page at a time. */
  phoneSteps?: readonly Step[]
  /** Where there is only one of a phone and a desktop that has it. */
  only?: 'phone' | 'desktop'
  /** What ends it where Escape does not. */
  end?: string
  /** Pictures of it: `{page}.{name}-{width}-{theme}.webp`. */
  isDrawn?: boolean
}

/** The browser's own, those of components, and menus. */
const OPEN = [
  'dialog[open]',
  '[role=dialog][data-state=open]',
  '[role=menu][data-state=open]',
  '[data-popover-content][data-state=open]',
  '[popover][role=dialog]:popover-open',
].join(', ')
/** On the trading screen: one part comes into view. */
const TO_CHART = 'main nav button:nth-of-type(1)'
const TO_TICKET = 'main nav button:nth-of-type(3)'
const TO_ACTIVITY = 'main nav button:nth-of-type(4)'

async function take(page: Page, step: Step): Promise<void> {
  if (typeof step === 'object' && 'see' in step) return page.locator(step.see).first().waitFor()
  const target = page.locator(typeof step === 'string' ? step : step.into).first()
  if (typeof step === 'object') return target.fill(step.text)
  // What is not shown takes no focus, and the key would go to something else.
  await target.waitFor()
  await target.focus()
  await page.keyboard.press('Enter')
}

/** Comes to a dialog step by step, as one does who has no mouse; waits until it is there. */
export async function openDialog(page: Page, dialog: AppDialog, isPhone: boolean): Promise<void> {
  for (const step of [...(isPhone ? (dialog.phoneSteps ?? []) : []), ...dialog.steps]) {
    await take(page, step)
  }
  await page.locator(OPEN).first().waitFor()
}

/** Leaves it; whether the focus is where it was is for the caller to ask. */
export async function leaveDialog(page: Page, { end }: AppDialog): Promise<void> {
  if (end === undefined) await page.keyboard.press('Escape')
  else await page.locator(end).first().press('Enter')
  await page.locator(OPEN).first().waitFor({ state: 'detached' })
}

/** Those of one page that there are on a screen. */
export function dialogsOn(dialogs: readonly AppDialog[], isPhone: boolean): readonly AppDialog[] {
  const other = isPhone ? 'desktop' : 'phone'
  return dialogs.filter(({ only }) => only !== other)
}

/** Over every page; looked at on the dashboard. */
export const SHELL_DIALOGS: readonly AppDialog[] = [
  {
    ...{ name: 'search', file: 'lib/search/SearchPalette.svelte' },
    ...{ steps: ['header button[aria-haspopup=dialog]'], isDrawn: true },
  },
  {
    ...{ name: 'account', file: 'routes/AccountMenu.svelte' },
    ...{ steps: ['[popovertarget=account-menu]'], isDrawn: true },
  },
  {
    ...{ name: 'more', file: 'lib/shell/MoreMenu.svelte' },
    ...{ steps: ['[popovertarget=more-menu]'], only: 'phone' },
  },
]

export const SYMBOL_DIALOGS: readonly AppDialog[] = [
  {
    ...{ name: 'confirmation', file: 'lib/trade/OrderConfirm.svelte', isDrawn: true },
    phoneSteps: [TO_TICKET],
    steps: [{ into: '.order input[inputmode=decimal]', text: '0.01' }, '.order [type=submit]'],
  },
  {
    ...{ name: 'alert', file: 'lib/alerts/AlertDialog.svelte', isDrawn: true },
    steps: ['main .head button[aria-haspopup=dialog]'],
  },
  {
    ...{ name: 'keys', file: 'lib/symbol/ShortcutHelp.svelte', only: 'desktop' },
    steps: ['.keys button:last-child'],
  },
  {
    ...{ name: 'indicators', file: 'lib/symbol/chart/IndicatorMenu.svelte' },
    phoneSteps: [TO_CHART],
    steps: ['.chart-menu-trigger'],
  },
  {
    ...{ name: 'instruments', file: 'lib/symbol/SymbolView.svelte', only: 'phone', isDrawn: true },
    steps: ['main .head button.switch'],
  },
  {
    ...{ name: 'replacement', file: 'lib/trade/ReplaceOrder.svelte' },
    ...{ phoneSteps: [TO_ACTIVITY], steps: ['.activity li .acts [aria-haspopup=dialog]'] },
  },
]

export const ORDER_DIALOGS: readonly AppDialog[] = [
  {
    ...{ name: 'cancel-all', file: 'lib/trade/CancelAll.svelte' },
    steps: ['main [role=tabpanel] > .acts [aria-haspopup=dialog]'],
  },
  {
    ...{ name: 'detail', file: 'lib/trade/OrderDetail.svelte', isDrawn: true },
    steps: ['main li button.name'],
  },
  {
    ...{ name: 'receipt', file: 'lib/trade/Fills.svelte', isDrawn: true },
    steps: [
      '[role=tab]:last-child',
      'main li button[aria-expanded=false]',
      'main .receipt button[aria-haspopup=dialog]',
    ],
  },
]

const KEYS = 'lib/settings/ApiKeysSection.svelte'

export const SETTINGS_DIALOGS: readonly AppDialog[] = [
  { name: 'new-key', file: KEYS, steps: ['#api-keys .head button'], isDrawn: true },
  {
    ...{ name: 'rotation', file: KEYS },
    steps: ['#api-keys li .acts button:first-child:not(:last-child)'],
  },
  {
    ...{ name: 'revocation', file: KEYS },
    steps: ['#api-keys li .acts button:last-child'],
  },
  {
    ...{ name: 'made-key', file: KEYS, end: 'dialog .content > button' },
    steps: [
      '#api-keys .head button',
      { into: 'dialog input:not([type=checkbox])', text: '연습용 봇' },
      'dialog [type=submit]',
      { see: 'dialog code' },
    ],
  },
  {
    ...{ name: 'sign-out', file: 'lib/settings/SignInsSection.svelte' },
    steps: ['#sign-ins .head button'],
  },
]

/** Dialogs that no page of a Motu under test can show, and what is looked at in their place. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'lib/settings/PasskeysSection.svelte': 'opened by ways-in.test.ts, which has an authenticator',
  'lib/settings/LinkedSection.svelte': 'opened by ways-in.test.ts, which has a provider',
  'lib/settings/chat/ChatSection.svelte':
    'needs an account at Discord; its question is a `Confirm`',
  'lib/symbol/chart/MoveQuestion.svelte': 'asked by symbol.test.ts, which moves a line',
}
