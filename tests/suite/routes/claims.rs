//! Reading claims.

use crate::support::TestApp;

#[tokio::test]
async fn the_five_chinese_figures_of_the_seed_are_found_by_actor() {
    let app = TestApp::seeded().await;
    assert_eq!(app.ids("/v1/claims?actor=CHN").await.len(), 5);
}
