import { changePassword, confirmation, type Feature, recovery, registration, tracking } from 'sallyport';

/**
 * What is switched on besides signing in and out and confirming that it is you, which are always there.
 * The pages find out by themselves: a link appears when its feature is in this list.
 * `passwordless()` is not among them: it takes the place of the sign-in by password.
 */
export function demoFeatures(): Feature[] {
  return [registration(), confirmation(), recovery(), changePassword(), tracking()];
}
