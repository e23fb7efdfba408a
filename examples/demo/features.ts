import { confirmation, type Feature, passwordless, registration, tracking } from 'sallyport';

/**
 * What is switched on besides signing in and out and confirming that it is you, which are always there.
 * The pages find out by themselves: a link appears when its feature is in this list.
 */
export function demoFeatures(): Feature[] {
  return [registration(), confirmation(), passwordless(), tracking()];
}
