// Language and theme, what the app asks and tells: chosen here, kept in this browser, applied to the
// document at once.

import {
  getLocale,
  type Locale,
  overwriteGetLocale,
  overwriteSetLocale,
} from '#lib/paraglide/runtime.js'

const LOCALE_KEY = 'motu.locale'
const THEME_KEY = 'motu.theme'
const CONFIRM_ORDERS_KEY = 'motu.confirm_orders'
const FILL_TOASTS_KEY = 'motu.fill_toasts'

export type Theme = 'light' | 'dark'

export class Preferences {
  locale = $state<Locale>(getLocale())
  /** What is shown: the chosen theme, or the system's while none is chosen. */
  theme = $state<Theme>('light')
  /** Asks once more before an order is sent. */
  confirmOrders = $state(localStorage.getItem(CONFIRM_ORDERS_KEY) !== 'false')
  /** Shows a toast for a fill. */
  fillToasts = $state(localStorage.getItem(FILL_TOASTS_KEY) !== 'false')
  #hasChosenTheme = false

  constructor() {
    // Messages read the locale through this state, so that a change of language needs no reload.
    overwriteGetLocale(() => this.locale)
    overwriteSetLocale((locale) => this.setLocale(locale as Locale))
    const system = matchMedia('(prefers-color-scheme: dark)')
    const stored = localStorage.getItem(THEME_KEY)
    this.#hasChosenTheme = stored === 'light' || stored === 'dark'
    this.theme = this.#hasChosenTheme ? (stored as Theme) : system.matches ? 'dark' : 'light'
    system.addEventListener('change', ({ matches }) => {
      if (!this.#hasChosenTheme) this.theme = matches ? 'dark' : 'light'
    })
  }

  setLocale(locale: Locale): void {
    this.locale = locale
    localStorage.setItem(LOCALE_KEY, locale)
    document.documentElement.lang = locale
  }

  setTheme(theme: Theme): void {
    this.#hasChosenTheme = true
    this.theme = theme
    localStorage.setItem(THEME_KEY, theme)
    document.documentElement.dataset['theme'] = theme
  }

  setConfirmOrders(isOn: boolean): void {
    this.confirmOrders = isOn
    localStorage.setItem(CONFIRM_ORDERS_KEY, `${isOn}`)
  }

  setFillToasts(isOn: boolean): void {
    this.fillToasts = isOn
    localStorage.setItem(FILL_TOASTS_KEY, `${isOn}`)
  }
}
