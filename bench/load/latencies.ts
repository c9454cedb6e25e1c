// Latencies, each one kept: percentiles are exact.

export type LatencySummary = { count: number; p50_ms: number; p99_ms: number; max_ms: number }

export class Latencies {
  #samples = new Float64Array(4_096)
  #count = 0

  add(milliseconds: number): void {
    if (this.#count === this.#samples.length) {
      const grown = new Float64Array(this.#samples.length * 2)
      grown.set(this.#samples)
      this.#samples = grown
    }
    this.#samples[this.#count] = milliseconds
    this.#count += 1
  }

  get count(): number {
    return this.#count
  }

  /** The smallest latency that `share` (0…1) of all stay at or below; 0 when there is none. */
  percentile(share: number): number {
    if (this.#count === 0) return 0
    const sorted = this.#samples.subarray(0, this.#count).sort()
    return round(sorted[Math.max(0, Math.ceil(share * this.#count) - 1)]!)
  }

  summary(): LatencySummary {
    return {
      count: this.#count,
      p50_ms: this.percentile(0.5),
      p99_ms: this.percentile(0.99),
      max_ms: this.percentile(1),
    }
  }
}

/** Two decimals are more than a clock is worth. */
export const round = (value: number): number => Math.round(value * 100) / 100

/** The middle value; of an even number of values the lower one of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}
