@rem npm start and npm run caio say "exec node ...", so that no shell stands between npm and what it runs and a
@rem signal sent to npm arrives. cmd has no exec and finds this file instead.
@%*
