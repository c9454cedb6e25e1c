// Pure: no I/O, no clock, no randomness.
// Hashed noise: numbers that look random and are a function of their place. Floats live here and
// only shape; whoever uses them rounds to ticks at once. Nothing but exact IEEE operations, so
// that two machines agree.

/** A seed from text (FNV-1a, 32 bit). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** 32 bits from a seed and a place (the finalizer of MurmurHash3). */
export function hashAt(seed: number, place: number): number {
  let hash = Math.imul(seed ^ (place >>> 0), 0x9e3779b1) ^ Math.floor(place / 0x1_0000_0000)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** From 0 up to, not including, 1. */
export function fractionAt(seed: number, place: number): number {
  return hashAt(seed, place) / 0x1_0000_0000
}

/** Smooth noise from -1 to 1: hashed values on a lattice, joined by a curve. */
export function smoothAt(seed: number, place: number): number {
  const left = Math.floor(place)
  const share = place - left
  const from = fractionAt(seed, left)
  const to = fractionAt(seed, left + 1)
  return 2 * (from + (to - from) * share * share * (3 - 2 * share)) - 1
}

/** The longest wave of `walkAt` in steps, and how often it is halved: down to eight steps. */
const LONGEST_WAVE_STEPS = 2 ** 17
const OCTAVES = 15

/** What `walkAt` never leaves: the sum of all its waves at their highest. */
export const WALK_BOUND = 1 / (1 - Math.SQRT1_2)

/**
 * A walk as a function of its step: waves of half the length are smaller by the square root of
 * two, as the steps of a random walk are. Within `±WALK_BOUND`.
 */
export function walkAt(seed: number, step: number): number {
  let sum = 0
  let height = 1
  let wave = LONGEST_WAVE_STEPS
  for (let octave = 0; octave < OCTAVES; octave += 1) {
    sum += height * smoothAt(seed + Math.imul(octave, 0x632be5ab), step / wave)
    height *= Math.SQRT1_2
    wave /= 2
  }
  return sum
}
