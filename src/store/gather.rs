//! Reads that come together are read together: what gathered while the last statement ran is the next one. The step queue's
//! way, for reading: no timer, and a lone reader waits for nobody. What is told was read after it was asked for.

use std::{collections::HashMap, fmt, future::Future, hash::Hash};

use tokio::sync::{mpsc, oneshot};

use crate::error::{Code, Error, Result};

/// The most that wait; beyond it the answer is `busy`.
const WAITING_MAX: usize = 50_000;
/// The most keys of one statement.
const TOGETHER: usize = 500;

type Asked<K, V> = (K, oneshot::Sender<Result<Option<V>>>);

/// The door to one kind of read. The reader ends when it is dropped.
pub struct Gather<K, V>(mpsc::Sender<Asked<K, V>>);

impl<K, V> fmt::Debug for Gather<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gather")
    }
}

impl<K, V> Gather<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// `read` tells what there is under these keys, each of which is asked for once.
    pub fn open<F, R>(read: F) -> Gather<K, V>
    where
        F: Fn(Vec<K>) -> R + Send + 'static,
        R: Future<Output = Result<HashMap<K, V>>> + Send,
    {
        let (asked, mut waiting) = mpsc::channel::<Asked<K, V>>(WAITING_MAX);
        tokio::spawn(async move {
            let mut together = Vec::new();
            while waiting.recv_many(&mut together, TOGETHER).await > 0 {
                let mut askers: HashMap<K, Vec<_>> = HashMap::with_capacity(together.len());
                for (key, reply) in together.drain(..) {
                    askers.entry(key).or_default().push(reply);
                }
                let found = read(askers.keys().cloned().collect()).await;
                tell(askers, found);
            }
        });
        Gather(asked)
    }

    /// What there is under this key now.
    pub async fn read(&self, key: K) -> Result<Option<V>> {
        let (reply, answer) = oneshot::channel();
        self.0
            .try_send((key, reply))
            .map_err(|_| Error::refused(Code::Busy, "现在人多，请稍等几秒，系统会自动重试"))?;
        answer
            .await
            .map_err(|source| Error::internal("读数据的任务停了", source))?
    }
}

/// Whoever asked may be gone. An error cannot be copied: all but the first are told what it says.
fn tell<K: Eq + Hash, V: Clone>(
    askers: HashMap<K, Vec<oneshot::Sender<Result<Option<V>>>>>,
    found: Result<HashMap<K, V>>,
) {
    match found {
        Ok(mut found) => {
            for (key, mut replies) in askers {
                let value = found.remove(&key);
                let last = replies.pop();
                for reply in replies {
                    let _ = reply.send(Ok(value.clone()));
                }
                if let Some(last) = last {
                    let _ = last.send(Ok(value));
                }
            }
        }
        Err(error) => {
            let said = error.to_string();
            let mut replies = askers.into_values().flatten();
            if let Some(first) = replies.next() {
                let _ = first.send(Err(error));
            }
            for reply in replies {
                let _ = reply.send(Err(Error::internal("读不出数据", said.clone())));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn who_asks_together_is_one_read_and_each_gets_the_own_answer() {
        let reads = Arc::new(AtomicUsize::new(0));
        let counted = reads.clone();
        let gather = Gather::open(move |keys: Vec<u32>| {
            counted.fetch_add(1, Ordering::SeqCst);
            async move {
                assert!(!keys.contains(&13), "asked for by nobody");
                let even = keys.into_iter().filter(|key| key % 2 == 0);
                Ok(even.map(|key| (key, key * 10)).collect())
            }
        });
        let asked = [2, 3, 4, 4, 5].map(|key| gather.read(key));
        let answers = join_all(asked).await;
        let answers: Vec<Option<u32>> = answers
            .into_iter()
            .map(|each| each.expect("read"))
            .collect();
        assert_eq!(answers, [Some(20), None, Some(40), Some(40), None]);
        assert!(reads.load(Ordering::SeqCst) < 5, "not one read each");
        assert_eq!(gather.read(6).await.expect("read"), Some(60));
    }

    #[tokio::test]
    async fn everybody_is_told_of_a_failure_and_the_next_read_is_tried() {
        let gather: Gather<u32, u32> = Gather::open(|keys: Vec<u32>| async move {
            if keys.contains(&0) {
                return Err(Error::NotFound("这个数".into()));
            }
            Ok(keys.into_iter().map(|key| (key, key)).collect())
        });
        let answers = join_all([gather.read(0), gather.read(0)]).await;
        assert!(answers.iter().all(Result::is_err));
        assert_eq!(gather.read(1).await.expect("read"), Some(1));
    }
}
