import pytest
from tests.server.running import *
from monitor.domain.access import Role
def test_it(served):
    key,token=served.somebody("ada",Role.OFFICE)
    with Tab(served.url,token) as tab:
        t=tab.run(); print(len(t), tab.session, t[:500])
        t=tab.run("register"); print(len(t)); print(t[:300])
        with Tab(served.url,token,session=tab.session) as b:
            t=b.run(); print(b.session==tab.session)
    k2,t2=served.somebody("bob",Role.OFFICE)
    with Tab(served.url,token) as tab:
        tab.run()
        with Tab(served.url,t2,session=tab.session) as b:
            b.run(); print(b.session==tab.session)
