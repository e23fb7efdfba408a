export {
  checkUsername,
  createUsernameUtil,
  type UsernameError,
  type UsernameUtil,
  type UsernameUtilOptions,
  type UsernameVerdict,
} from './username-util.js';
