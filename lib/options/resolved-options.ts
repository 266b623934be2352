import type { ServiceSource } from '../service/service-source.js';
import type { ClientSettings } from '../agent/client/http-sidecar-client.js';
import type { RegistrationSettings } from '../registration/registration-settings.js';
import type { LifecycleSettings } from '../lifecycle/lifecycle-parts.js';
import type { KeeperSettings } from '../registration-file/registration-keeper.js';
import type { WatchSettings } from '../agent/watch/watch-settings.js';

/**
 * The options, checked and completed, as the input types of the parts that use them. Durations are
 * milliseconds. `app.secret` is left out: no part needs it.
 */
export interface ResolvedOptions
  extends
    ServiceSource,
    ClientSettings,
    WatchSettings,
    RegistrationSettings,
    Omit<LifecycleSettings, 'protocol'> {
  /** Absent if the registration is not kept. */
  readonly registrationFile?: KeeperSettings;
}
