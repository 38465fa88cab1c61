/** Logits up to 1 / T, and their gradients, are far from the end of float32. */
const lowest = 1e-6;

/** @throws unless a softmax can have this temperature */
export function requireTemperature(name: string, temperature: number): void {
  if (!(temperature > 0))
    throw new Error(`${name} temperature: expected a number above 0, got ${temperature}`);
  if (!(temperature >= lowest && temperature < Infinity))
    throw new Error(
      `${name} temperature: expected a finite number, at least ${lowest}, got ${temperature}`,
    );
}
