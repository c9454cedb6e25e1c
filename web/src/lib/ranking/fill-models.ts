// The fill model a rank was earned under: the rule of realism, and its version.

import * as m from '#lib/paraglide/messages.js'

const NAMES: Readonly<Record<string, () => string>> = {
  arcade: m.books_model_name_arcade,
  standard: m.books_model_name_standard,
  strict: m.books_model_name_strict,
}

/** `표준 v1` for `standard@1`; an unknown rule by its own name; null: nothing has filled yet. */
export function modelText(model: string | null): string {
  if (model === null) return m.books_model_none()
  const [name = '', version] = model.split(/[@/]/)
  const text = NAMES[name]?.() ?? name
  return version ? `${text} v${version}` : text
}
