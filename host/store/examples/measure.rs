//! temp
use encargo_model::*;
use encargo_store::*;
use std::time::*;
fn main() {
    let path = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let n: i64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let t0 = Instant::now();
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    println!("rt {:?}", t0.elapsed());
    rt.block_on(async {
        if !path.exists() {
            Store::migrate(&path).await.unwrap();
        }
        for i in 0..1 {
            let t = Instant::now();
            let s = Store::open(&path).await.unwrap();
            println!("open {:?}", t.elapsed());
            let w = Worker { host: "h".into(), pid: 1 };
            let mut r = Run {
                id: RunId(n + i),
                parent: None,
                command: "c".into(),
                digest: Digest("a".repeat(64)),
                version: "1".into(),
                tenant: None,
                trigger: Trigger::Cli,
                arguments: vec![],
                resume_key: "k".into(),
                dry_run: false,
                language: Language::En,
                status: RunStatus::Running,
                exit: None,
                started_at: Timestamp(n),
                ended_at: None,
                attempts: 1,
                report: None,
                error: None,
                backtrace: None,
                receipt: Receipt::default(),
            };
            let l = Liveness { now: Timestamp(n), host: "h", is_alive: &|_| true };
            let t1 = Instant::now();
            s.begin_run(
                &Begin {
                    run: &r,
                    tier: Tier::Packaged,
                    source: "packaged",
                    worker: &w,
                    lease: Duration::from_secs(30),
                    locked: true,
                },
                &l,
            )
            .await
            .unwrap();
            println!("begin {:?}", t1.elapsed());
            let t1 = Instant::now();
            s.append_log(
                r.id,
                &[LogLine { at: Timestamp(1), level: LogLevel::Info, message: "x".into(), fields: vec![] }],
            )
            .await
            .unwrap();
            println!("log {:?}", t1.elapsed());
            r.status = RunStatus::Succeeded;
            r.ended_at = Some(Timestamp(n));
            let t1 = Instant::now();
            s.end_run(&r, &[], Timestamp(n)).await.unwrap();
            println!("end {:?}", t1.elapsed());
            let t1 = Instant::now();
            s.prune(&Retention::default(), Timestamp(n)).await.unwrap();
            println!("prune {:?}", t1.elapsed());
            let t1 = Instant::now();
            s.grants("c").await.unwrap();
            println!("grants {:?}", t1.elapsed());
            println!("all {:?}", t.elapsed());
            let t1 = Instant::now();
            drop(s);
            println!("drop {:?}", t1.elapsed());
        }
    });
    let t1 = Instant::now();
    drop(rt);
    println!("drop rt {:?}", t1.elapsed());
}
