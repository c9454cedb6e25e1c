// How the app looks and behaves to this viewer: chosen here, kept in this browser, applied to the
// document at once. `preference-sync.ts` keeps the same at home for who is signed in.

import type { PreferencesView } from '@motu/shared/contract/preferences.ts'
import { type Locale, overwriteGetLocale, overwriteSetLocale } from '#lib/paraglide/runtime.js'

export type ChosenTheme = PreferencesView['theme']
/** What a theme looks like in the end. */
export type Theme = Exclude<ChosenTheme, 'system'>
export type PriceColours = PreferencesView['colours']

/** `static/first-paint.js` reads the first three before anything is drawn. */
const KEYS = {
  locale: 'motu.locale',
  theme: 'motu.theme',
  colours: 'motu.colours',
  confirm_orders: 'motu.confirm_orders',
  fill_toasts: 'motu.fill_toasts',
} as const satisfies Record<keyof PreferencesView, string>

const NAMES = Object.keys(KEYS) as (keyof PreferencesView)[]

/** Before anything was chosen: as Korean apps are. */
const DEFAULTS: PreferencesView = {
  ...{ locale: 'ko', theme: 'system', colours: 'up_red' },
  ...{ confirm_orders: true, fill_toasts: true },
}

export type PreferenceOptions = {
  storage: Pick<Storage, 'getItem' | 'setItem'>
  root: Pick<HTMLElement, 'dataset' | 'lang'>
  /** Whether the system wants it dark; calls back when that changes. */
  system: {
    readonly matches: boolean
    addEventListener(type: 'change', hear: (event: { matches: boolean }) => void): void
  }
}

export class Preferences {
  #chosen = $state.raw<PreferencesView>(DEFAULTS)
  #isSystemDark = $state(false)
  readonly #options: PreferenceOptions
  #onChange: () => void = () => {}

  constructor(options: PreferenceOptions) {
    this.#options = options
    this.#chosen = storedIn(options.storage)
    this.#isSystemDark = options.system.matches
    options.system.addEventListener('change', ({ matches }) => (this.#isSystemDark = matches))
    // Messages read the locale through this state, so that a change of language needs no reload.
    overwriteGetLocale(() => this.locale)
    overwriteSetLocale((locale) => this.choose({ locale: locale as Locale }))
  }

  /** All of them, as home keeps them. */
  get chosen(): PreferencesView {
    return this.#chosen
  }

  get locale(): Locale {
    return this.#chosen.locale
  }

  /** What is shown: the chosen theme, or the system's. */
  get theme(): Theme {
    const { theme } = this.#chosen
    if (theme !== 'system') return theme
    return this.#isSystemDark ? 'dark' : 'light'
  }

  get chosenTheme(): ChosenTheme {
    return this.#chosen.theme
  }

  /** Whether rises are red or green; buying and selling are drawn in the same two colours. */
  get colours(): PriceColours {
    return this.#chosen.colours
  }

  get confirmOrders(): boolean {
    return this.#chosen.confirm_orders
  }

  get fillToasts(): boolean {
    return this.#chosen.fill_toasts
  }

  /** The viewer's own choice: applied and stored at once. */
  choose(wanted: Partial<PreferencesView>): void {
    this.take({ ...this.#chosen, ...wanted })
    this.#onChange()
  }

  /** What home keeps: applied and stored, told to nobody. */
  take(view: PreferencesView): void {
    const { storage } = this.#options
    for (const name of NAMES) storage.setItem(KEYS[name], String(view[name]))
    this.#apply(view)
  }

  /** Another tab chose: what it stored is applied here as well. */
  adoptStored(): void {
    const stored = storedIn(this.#options.storage)
    if (NAMES.some((name) => stored[name] !== this.#chosen[name])) this.#apply(stored)
  }

  #apply(view: PreferencesView): void {
    this.#chosen = view
    const { root } = this.#options
    root.lang = view.locale
    root.dataset['colours'] = view.colours
    if (view.theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = view.theme
  }

  /** Calls back after each choice of the viewer's. */
  listen(hear: () => void): void {
    this.#onChange = hear
  }
}

/** What was stored before this page; anything else than a known value counts as not chosen. */
function storedIn(storage: Pick<Storage, 'getItem'>): PreferencesView {
  const text = (name: keyof PreferencesView) => storage.getItem(KEYS[name])
  const [theme, colours] = [text('theme'), text('colours')]
  return {
    locale: text('locale') === 'en' ? 'en' : DEFAULTS.locale,
    theme: theme === 'light' || theme === 'dark' ? theme : DEFAULTS.theme,
    colours: colours === 'up_green' ? colours : DEFAULTS.colours,
    confirm_orders: text('confirm_orders') !== 'false',
    fill_toasts: text('fill_toasts') !== 'false',
  }
}
