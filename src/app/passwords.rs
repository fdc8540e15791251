//! Passwords of organizers and trainers: hashed with argon2id, few at once, so that guessing cannot take the machine.

use std::{sync::Arc, time::Duration};

use argon2::Argon2;
use tokio::sync::Semaphore;

use crate::{
    clock::{fresh, hex},
    error::{Code, Error, Result},
};

/// Each takes some 19 MB and tens of milliseconds.
const HASHINGS_AT_ONCE: usize = 2;
const PATIENCE: Duration = Duration::from_secs(5);

/// The door to hashing.
#[derive(Debug, Clone)]
pub struct Hashing(Arc<Semaphore>);

impl Default for Hashing {
    fn default() -> Hashing {
        Hashing(Arc::new(Semaphore::new(HASHINGS_AT_ONCE)))
    }
}

impl Hashing {
    /// `salt$hash` in hex, with the crate's parameters (argon2id, 19 MiB, two passes).
    pub(in crate::app) async fn hash(&self, password: &str) -> Result<String> {
        let salt = hex(&fresh::<16>());
        let hash = self.derive(password, &salt).await?;
        Ok(format!("{salt}${hash}"))
    }

    pub(in crate::app) async fn verify(&self, password: &str, kept: &str) -> Result<bool> {
        let (salt, hash) = kept.split_once('$').unwrap_or_default();
        let again = self.derive(password, salt).await?;
        // Both are hashes: how far they agree tells nothing about the password.
        Ok(again == hash)
    }

    async fn derive(&self, password: &str, salt: &str) -> Result<String> {
        let busy = || Error::refused(Code::Busy, "现在登录的人多，请过几秒再试");
        let permit = tokio::time::timeout(PATIENCE, self.0.clone().acquire_owned())
            .await
            .map_err(|_| busy())?
            .map_err(|_| busy())?;
        let (password, salt) = (password.to_owned(), salt.to_owned());
        let derived = tokio::task::spawn_blocking(move || {
            let mut out = [0; 32];
            let done = Argon2::default().hash_password_into(
                password.as_bytes(),
                salt.as_bytes(),
                &mut out,
            );
            drop(permit);
            done.map(|()| hex(&out))
        });
        derived
            .await
            .map_err(|source| Error::internal("密码运算停了", source))?
            .map_err(|source| Error::internal("密码运算出错", source.to_string()))
    }
}
